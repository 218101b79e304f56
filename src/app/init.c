/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Making a data folder: keys, configuration, schema, reference data. */
#include "app/app.h"

#include <stdio.h>
#include <unistd.h>

static void say(const Cli *c, const char *what)
{
    if (!c->quiet && !c->json)
        fprintf(stderr, "  %s\n", what);
}

/* The folder's own configuration names its database and whether it is a laboratory. */
static Err write_config(Cli *c, Instance *in)
{
    Str path = str_concat(c->a, in->dir, S("/thuocdo.conf"));
    if (access(arena_c(c->a, path), F_OK) == 0)
        return OK;
    Buf b = buf_new(c->a, 512);
    buf_lit(&b, "# Settings of this data folder; `thuocdo config show --data DIR` lists and explains all of them.\n");
    buf_fmt(&b, "database.url = %.*s\n", STR_ARG(config_str(&in->config, "database.url")));
    if (cli_has(c, "demo"))
        buf_lit(&b, "http.plain = on\nagency.name = Bản trình diễn thước đo\nhelp.phone = 1800 0000\n");
    return write_file(c->a, path, buf_str(&b), 0600);
}

static Err fill(Cli *c, Instance *in)
{
    int applied;
    say(c, "schema");
    TRY(store_migrate(in->store, c->a, &applied));
    c->in = in;
    say(c, "reference data");
    TRY(init_reference(c));
    TRY(instance_fill(c->a, in));
    return cli_has(c, "demo") ? demo_fill(c) : init_first_admin(c);
}

Err command_init(Cli *c)
{
    Instance in;
    TRY(instance_open(c->a, c->dir, &c->config_files, &c->flags, USE_CREATE, &in));
    Err e = write_config(c, &in);
    if (!e)
        e = fill(c, &in);
    if (!e)
        e = instance_created(c->a, &in);
    instance_close(&in);
    return e;
}
