/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The chain's arithmetic: record hashes and the text of a checkpoint. */
#include "audit/audit_chain.h"

static void put_int(Buf *b, int64_t v)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_byte(b, (char)(uint8_t)((uint64_t)v >> shift));
}

static void put_text(Buf *b, Str s)
{
    put_int(b, (int64_t)s.len);
    buf_add(b, s);
}

Sha256 audit_hash(Arena scratch, const Sha256 *prev, int64_t seq, const AuditEvent *e)
{
    Buf b = buf_new(&scratch, 512);
    buf_lit(&b, "thuocdo-audit-1\n");
    buf_add(&b, (Str){ (const char *)prev->at, sizeof prev->at });
    put_int(&b, seq);
    put_int(&b, e->at.ms);
    put_int(&b, e->actor.v);
    put_text(&b, e->actor_name);
    put_text(&b, e->role);
    put_int(&b, e->unit.v);
    put_text(&b, e->address);
    put_text(&b, e->request);
    put_text(&b, e->action);
    put_text(&b, e->object);
    put_text(&b, e->detail);
    put_int(&b, e->failed);
    return sha256(buf_str(&b));
}

Str audit_checkpoint_text(Arena *a, int64_t count, const Sha256 *root, Time at)
{
    return arena_fmt(a, "thuocdo-audit 1 %lld %.*s %.*s", (long long)count, STR_ARG(str_hex(a, root->at, sizeof root->at)),
                     STR_ARG(time_iso(a, at)));
}

bool audit_checkpoint_parse(Str line, Str *out_text, int64_t *out_count, Sha256 *out_root, uint8_t sig[64])
{
    StrPair signature = str_cut_last(str_trim(line), ' ');
    if (!str_starts(line, S("thuocdo-audit 1 ")) || !str_unhex(signature.tail, sig, 64))
        return false;
    StrPair count = str_cut(str_skip(signature.head, S("thuocdo-audit 1 ").len), ' ');
    StrPair root  = str_cut(count.tail, ' ');
    Time    at;
    if (!str_to_i64(count.head, out_count) || !str_unhex(root.head, out_root->at, sizeof out_root->at) ||
        !time_parse_iso(root.tail, &at))
        return false;
    *out_text = signature.head;
    return true;
}
