/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/base.h"
#include "base/file_kind.h"
#include "base/test.h"

#define FRAME "\xFF\xC0\x00\x0B\x08\x00\x02\x00\x03\x01\x01\x11\x00"
#define SCAN  "\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00" "ab\xFF\x00" "c\xFF\xD0" "d\xFF\xD9"

static Str cleaned(Arena *a, Str bytes, Photo *p)
{
    return photo_without_traces(a, bytes, p) ? str_join(a, p->pieces.at, p->pieces.len, S("")) : S("");
}

TEST(kinds_of_files_by_their_first_bytes)
{
    CHECK_STR(file_type_sniffed(S("\xFF\xD8\xFF\xE0 JFIF")), S("image/jpeg"));
    CHECK_STR(file_type_sniffed(S("\0\0\0 ftypheic")), S("image/heic"));
    CHECK_STR(file_type_sniffed(S("\0\0\0 ftypheix")), S("image/heic"));
    CHECK_STR(file_type_sniffed(S("\0\0\0 ftypqt  ")), S("video/quicktime"));
    CHECK_STR(file_type_sniffed(S("<html><script>")), S("text/plain"));
    CHECK(file_type_playable(S("audio/ogg")) && file_type_playable(S("video/mp4")) && !file_type_playable(S("text/plain")));
    CHECK_STR(file_type_ending(S("video/mp4")), S("mp4"));
    CHECK_STR(file_type_ending(S("x/y")), S("bin"));
}

TEST(a_photograph_loses_place_time_and_comment_and_keeps_its_turn)
{
    Photo p;
    Str   exif = S("\xFF\xE1\x00\x32" "Exif\0\0" "II\x2A\0\x08\0\0\0" "\x01\0" "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0" "\0\0\0\0" "GPS 21.03 105.85");
    Str   out = cleaned(a, str_join(a, (Str[]){ S("\xFF\xD8"), exif, S("\xFF\xFE\x00\x07" "Hanoi"), S(FRAME), S(SCAN), S("after the end") }, 6, S("")), &p);
    CHECK(str_starts(out, S("\xFF\xD8\xFF\xE1\x00\x22" "Exif\0\0MM\0\x2A")));
    CHECK(str_ends(out, S(FRAME SCAN)));
    CHECK(!str_has(out, S("GPS")) && !str_has(out, S("Hanoi")) && !str_has(out, S("after")));
    CHECK_INT(p.width, 3);
    CHECK_INT(p.height, 2);
    CHECK_STR(cleaned(a, out, &p), out);                              /* the turn is read again */
    CHECK_STR(cleaned(a, S("\xFF\xD8" FRAME SCAN), &p), S("\xFF\xD8" FRAME SCAN));
    CHECK(!cleaned(a, S("\xFF\xD8\xFF\xE1\xFF\xFF" "Exif"), &p).len);
    CHECK(!cleaned(a, S("\xFF\xD8" FRAME), &p).len);
}

TEST(a_png_and_a_webp_lose_their_texts)
{
    Photo p;
    Str   head = S("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x04\0\0\0\x05\x08\x02\0\0\0crc."), end = S("\0\0\0\0IENDcrc.");
    Str   png  = str_join(a, (Str[]){ head, S("\0\0\0\x03tEXtabccrc."), S("\0\0\0\x01IDATxcrc."), end, S("more") }, 5, S(""));
    CHECK_STR(cleaned(a, png, &p), str_join(a, (Str[]){ head, S("\0\0\0\x01IDATxcrc."), end }, 3, S("")));
    CHECK_INT(p.width, 4);
    CHECK_INT(p.height, 5);
    Str webp = S("RIFF\x2C\0\0\0WEBPVP8X\x0A\0\0\0\x0C\0\0\0\x09\0\0\x13\0\0VP8 \x02\0\0\0xxEXIF\x03\0\0\0gps\0");
    CHECK_STR(cleaned(a, webp, &p), S("RIFF\x20\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x09\0\0\x13\0\0VP8 \x02\0\0\0xx"));
    CHECK_INT(p.width, 10);
    CHECK_INT(p.height, 20);
}

static Str film_of(Arena *a, Str bytes)
{
    StrList pieces;
    return film_without_traces(a, bytes, &pieces) ? str_join(a, pieces.at, pieces.len, S("")) : S("");
}

static Str boxed(Arena *a, const char *type, Str body)
{
    char head[8] = { (char)((body.len + 8) >> 24), (char)((body.len + 8) >> 16), (char)((body.len + 8) >> 8), (char)(body.len + 8) };
    for (int i = 0; i < 4; i++)
        head[4 + i] = type[i];
    return str_concat(a, (Str){ arena_str(a, (Str){ head, 8 }).at, 8 }, body);
}

/* A track of that kind with two chunks: at 24, two samples of 5 and 4 bytes; at 40, one of 3. */
static Str track_of(Arena *a, const char *kind)
{
    Str stbl = str_join(a, (Str[]){ boxed(a, "stsz", S("\0\0\0\0" "\0\0\0\0" "\0\0\0\3" "\0\0\0\5" "\0\0\0\4" "\0\0\0\3")),
                                    boxed(a, "stsc", S("\0\0\0\0" "\0\0\0\2" "\0\0\0\1\0\0\0\2\0\0\0\1" "\0\0\0\2\0\0\0\1\0\0\0\1")),
                                    boxed(a, "stco", S("\0\0\0\0" "\0\0\0\2" "\0\0\0\x18" "\0\0\0\x28")) }, 3, S(""));
    Str hdlr = boxed(a, "hdlr", str_join(a, (Str[]){ S("\0\0\0\0\0\0\0\0"), str_from_c(kind), S("\0\0\0\0") }, 3, S("")));
    return boxed(a, "trak", boxed(a, "mdia", str_concat(a, hdlr, boxed(a, "minf", boxed(a, "stbl", stbl)))));
}

TEST(a_film_loses_the_tracks_that_log_places_with_what_they_hold)
{
    Str ftyp = S("\0\0\0\x10" "ftypisom\0\0\0\0"), mdat = boxed(a, "mdat", S("21.03105.PICTUREHAN more pictures"));
    Str film = str_join(a, (Str[]){ ftyp, mdat, boxed(a, "moov", track_of(a, "meta")) }, 3, S("")), out = film_of(a, film);
    CHECK_INT(out.len, film.len);
    CHECK(str_has(out, S("mdat\0\0\0\0\0\0\0\0\0PICTURE")) && str_has(out, S("\0\0\0 more pictures")) && !str_has(out, S("trak")));
    CHECK_STR(film_of(a, out), out);
    film = str_join(a, (Str[]){ ftyp, mdat, boxed(a, "moov", track_of(a, "vide")) }, 3, S(""));
    CHECK_STR(film_of(a, film), film);
    film = str_join(a, (Str[]){ ftyp, boxed(a, "mdat", S("short")), boxed(a, "moov", boxed(a, "trak", boxed(a, "mdia", S("")))) }, 3, S(""));
    CHECK_STR(film_of(a, film), film);
    film = str_join(a, (Str[]){ ftyp, boxed(a, "moov", track_of(a, "text")) }, 2, S(""));      /* its samples lie elsewhere: the track goes */
    out  = film_of(a, film);
    CHECK(out.len == film.len && !str_has(out, S("text")));
}

TEST(a_film_loses_place_and_times_and_keeps_its_length)
{
    Str ftyp = S("\0\0\0\x10" "ftypisom\0\0\0\0"), mdat = S("\0\0\0\x0C" "mdatabcd"), mvhd = S("\0\0\0\x20" "mvhd\0\0\0\0TIMEtimerest of it!!");
    Str udta = S("\0\0\0\x1C" "udta\0\0\0\x14\xA9xyz\0\x08\x15\xC7+21+105/"), large = S("\0\0\0\1uuid\0\0\0\0\0\0\0\x14HaNo");
    Str moov = str_join(a, (Str[]){ S("\0\0\0\x44moov"), mvhd, udta }, 3, S(""));
    Str film = str_join(a, (Str[]){ ftyp, moov, large, mdat }, 4, S("")), out = film_of(a, film);
    CHECK_INT(out.len, film.len);
    CHECK(!str_has(out, S("+21+105")) && !str_has(out, S("TIME")) && !str_has(out, S("HaNo")));
    CHECK(str_starts(out, ftyp) && str_has(out, S("rest of it!!")) && str_ends(out, mdat));
    CHECK_STR(film_of(a, out), out);
    CHECK(!film_of(a, str_take(film, film.len - 1)).len);              /* cut short */
    CHECK(!film_of(a, S("\0\0\0\x04" "ftyp")).len);
    CHECK(!film_of(a, S("\0\0\0\x10" "ftypisom\0\0\0\0\0\0\0\1mdat\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")).len);
    CHECK(film_of(a, S("\0\0\0\x10" "ftypisom\0\0\0\0\0\0\0\0mdat to the end")).len > 0);
}
