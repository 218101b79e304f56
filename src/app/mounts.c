/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every route table and where it is mounted: the list of modules. */
#include "app/app.h"
#include "site/unit_pages.h"


const Mount app_mounts[] = {
    { "", web_routes },
    { "", app_health_routes },
    { "", site_unit_routes },
};
const size_t app_mount_count = COUNT_OF(app_mounts);
