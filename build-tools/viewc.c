/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The view compiler: .html to typed C. */
#include <stdio.h>

int main(int argc, char **argv)
{
    (void)argv;
    return argc == 4 ? 0 : 64;
}
