/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo: the program. Commands live in app/commands.c. */
#include <stdio.h>

int main(void)
{
    puts("thuocdo " THUOCDO_VERSION);
    return 0;
}
