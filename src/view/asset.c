/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Embedded styles, fonts and pictures by name and by hashed name. There are a dozen: looking through them all is
 * quicker than keeping an index. */
#include "view/view.h"

#include <assert.h>

Str asset_url(Str name)
{
    for (size_t i = 0; i < asset_files_count; i++)
        if (str_eq(asset_files[i].name, name))
            return asset_files[i].url;
    assert(!"no such asset");
    return S("#");
}

const Asset *asset_find(Str hashed_name)
{
    for (size_t i = 0; i < asset_files_count; i++)
        if (str_eq(asset_files[i].hashed, hashed_name))
            return &asset_files[i];
    return NULL;
}
