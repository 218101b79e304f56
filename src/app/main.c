/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo: the program. */
#include "app/app.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
