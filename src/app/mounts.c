/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every route table and where it is mounted: the list of modules. */
#include "app/app.h"
#include "site/unit_pages.h"

#include "admin/admin.h"


const Mount app_mounts[] = {
    { "", web_routes },
    { "", app_health_routes },
    { "", site_unit_routes },
    { "", admin_signin_routes },
    { "/console", admin_people_routes },
    { "/console", admin_grant_routes },
    { "/console", admin_account_routes },
    { "/console", admin_audit_routes },
};
const size_t app_mount_count = COUNT_OF(app_mounts);
