/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Source to tokens. "and or div mod *" are operators only after an operand, and '-' belongs to a name
 * when it follows one: a-b is a name. */
#include "expr/expr_parts.h"

static void report(Compiler *c, size_t at, const char *code, bool warning, Str vi, Str en)
{
    size_t     end = at < c->source.len ? at : c->source.len;
    ExprFault *f   = list_add(c->keep, c->faults);
    *f = (ExprFault){ code, (int)expr_char_count(str_take(c->source, end)), warning, arena_str(c->keep, vi),
                      arena_str(c->keep, en) };
}

void expr_fail(Compiler *c, size_t at, const char *code, Str vi, Str en)
{
    if (!c->failed)
        report(c, at, code, false, vi, en);
    c->failed = true;
}

void expr_warn(Compiler *c, size_t at, const char *code, Str vi, Str en)
{
    if (!c->failed)
        report(c, at, code, true, vi, en);
}

static void token_bad(Compiler *c, size_t at, Str vi, Str en)
{
    expr_fail(c, at, "E-XPATH", vi, en);
    c->token.kind = TOKEN_BAD;
}

static bool blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

static bool digit_at(Str s, size_t at)
{
    return at < s.len && s.at[at] >= '0' && s.at[at] <= '9';
}

static size_t name_end(Str s, size_t at)
{
    while (at < s.len && expr_name_part((unsigned char)s.at[at]))
        at++;
    return at;
}

static void token_set(Compiler *c, TokenKind kind, size_t from, size_t to)
{
    c->token = (Token){ .kind = kind, .at = from, .text = { c->source.at + from, to - from } };
    c->next  = to;
}

static void token_operator(Compiler *c, TreeOp op, int rank, size_t from, size_t to)
{
    token_set(c, TOKEN_OPERATOR, from, to);
    c->token.op   = op;
    c->token.rank = rank;
}

static void token_number(Compiler *c, size_t at)
{
    size_t to = at;
    while (digit_at(c->source, to))
        to++;
    if (to < c->source.len && c->source.at[to] == '.')
        to++;
    while (digit_at(c->source, to))
        to++;
    token_set(c, TOKEN_NUMBER, at, to);
}

static void token_text(Compiler *c, size_t at)
{
    char   quote = c->source.at[at];
    size_t to    = at + 1;
    while (to < c->source.len && c->source.at[to] != quote)
        to++;
    if (to == c->source.len) {
        token_bad(c, at, S("dấu nháy mở mà không đóng. Thêm dấu nháy ở cuối đoạn chữ."),
                  S("a quotation mark is opened and not closed. Add the closing quotation mark."));
        return;
    }
    token_set(c, TOKEN_TEXT, at, to + 1);
    c->token.text = (Str){ c->source.at + at + 1, to - at - 1 };
}

/* ${name}; blanks inside are forgiven. */
static void token_variable(Compiler *c, size_t at)
{
    Str    rest = str_skip(c->source, at + 2);
    size_t end;
    if (!str_find(rest, S("}"), &end)) {
        token_bad(c, at, S("“${” không có dấu “}”. Viết tên câu hỏi dạng ${tên}."),
                  S("“${” has no “}”. Write the name of a question as ${name}."));
        return;
    }
    token_set(c, TOKEN_VARIABLE, at, at + 2 + end + 1);
    c->token.text = str_trim(str_take(rest, end));
    StrPair kept = str_cut(c->token.text, '#');              /* ${last-saved#x}: whoever gives the names says that it is not there */
    if (!expr_is_name(kept.head) || (kept.tail.len && !expr_is_name(kept.tail)))
        token_bad(c, at, S("tên trong ${…} không hợp lệ. Viết đúng tên câu hỏi ở cột name."),
                  S("the name in ${…} is not valid. Write the name of a question as in the column name."));
}

typedef struct Word { const char *text; TreeOp op; int rank; } Word;
static const Word words[] = { { "or", TREE_OR, 1 }, { "and", TREE_AND, 2 }, { "div", TREE_DIV, 6 }, { "mod", TREE_MOD, 6 } };

static bool arithmetic(const Compiler *c)
{
    return c->names && c->names->arithmetic;
}

/* Where there are no paths a-b takes b from a, and count-selected( is the name of a function. */
static size_t name_alone_end(Str s, size_t at, size_t to)
{
    size_t next = to, cut = at;
    while (next < s.len && blank(s.at[next]))
        next++;
    if (next < s.len && s.at[next] == '(')
        return to;
    while (cut < to && s.at[cut] != '-')
        cut++;
    return cut;
}

static void token_name(Compiler *c, size_t at)
{
    size_t to = name_end(c->source, at);
    Str    s  = c->source;
    if (arithmetic(c))
        to = name_alone_end(s, at, to);
    if (c->operand) {
        for (size_t i = 0; i < COUNT_OF(words); i++)
            if (str_eq((Str){ s.at + at, to - at }, str_from_c(words[i].text))) {
                token_operator(c, words[i].op, words[i].rank, at, to);
                return;
            }
        token_bad(c, at, S("thiếu toán tử trước chỗ này. Thêm and, or, =, + hoặc dấu phẩy."),
                  S("an operator is missing before this place. Add and, or, =, + or a comma."));
        return;
    }
    if (to + 1 < s.len && s.at[to] == ':' && s.at[to + 1] == ':') {
        token_set(c, TOKEN_AXIS, at, to + 2);
        c->token.text = (Str){ s.at + at, to - at };
        return;
    }
    if (to + 1 < s.len && s.at[to] == ':' && expr_name_start((unsigned char)s.at[to + 1]))
        to = name_end(s, to + 1);
    token_set(c, TOKEN_NAME, at, to);
}

/* Marks of one or two characters; false when the character begins none. */
static bool token_mark(Compiler *c, size_t at)
{
    char ch = c->source.at[at], after = at + 1 < c->source.len ? c->source.at[at + 1] : '\0';
    switch (ch) {
    case '(': token_set(c, TOKEN_OPEN, at, at + 1); return true;
    case ')': token_set(c, TOKEN_CLOSE, at, at + 1); return true;
    case '[': token_set(c, TOKEN_BRACKET, at, at + 1); return true;
    case ']': token_set(c, TOKEN_BRACKET_END, at, at + 1); return true;
    case ',': token_set(c, TOKEN_COMMA, at, at + 1); return true;
    case '+': token_operator(c, TREE_ADD, 5, at, at + 1); return true;
    case '-': token_operator(c, TREE_SUB, 5, at, at + 1); return true;
    case '=': token_operator(c, TREE_EQ, 3, at, at + 1); return true;
    case '<': token_operator(c, after == '=' ? TREE_LE : TREE_LT, 4, at, at + 1 + (after == '=')); return true;
    case '>': token_operator(c, after == '=' ? TREE_GE : TREE_GT, 4, at, at + 1 + (after == '=')); return true;
    case '*':
        if (c->operand)
            token_operator(c, TREE_MUL, 6, at, at + 1);
        else
            token_set(c, TOKEN_STAR, at, at + 1);
        return true;
    case '.': token_set(c, after == '.' ? TOKEN_DOTS : TOKEN_DOT, at, at + 1 + (after == '.')); return true;
    case '/':
        if (c->operand && arithmetic(c))
            token_operator(c, TREE_DIV, 6, at, at + 1);
        else if (after == '/')
            token_bad(c, at, S("“//” chưa hỗ trợ. Viết đường dẫn đầy đủ hoặc ${tên}."),
                      S("“//” is not supported. Write the whole path or ${name}."));
        else
            token_set(c, TOKEN_SLASH, at, at + 1);
        return true;
    default: return false;
    }
}

static void token_other(Compiler *c, size_t at)
{
    char ch = c->source.at[at];
    if (ch == '!' && at + 1 < c->source.len && c->source.at[at + 1] == '=')
        token_operator(c, TREE_NE, 3, at, at + 2);
    else if (ch == '|')
        token_bad(c, at, S("phép hợp “|” chưa hỗ trợ. Dùng or để nối hai điều kiện."),
                  S("the union “|” is not supported. Use or to join two conditions."));
    else if (ch == '@')
        token_bad(c, at, S("thuộc tính “@” chưa hỗ trợ. Dùng tên câu hỏi dạng ${tên}."),
                  S("the attribute mark “@” is not supported. Name a question as ${name}."));
    else if (ch == '$')
        token_bad(c, at, S("biến “$” chưa hỗ trợ. Viết tên câu hỏi dạng ${tên}."),
                  S("the variable mark “$” is not supported. Name a question as ${name}."));
    else if (ch == '&')
        token_bad(c, at, S("“&” không phải là toán tử. Dùng and, hoặc concat() để nối chữ."),
                  S("“&” is no operator. Use and, or concat() to join texts."));
    else
        token_bad(c, at, S("ký tự không dùng được trong biểu thức. Xóa hoặc thay ký tự này."),
                  S("this character has no place in an expression. Delete or replace it."));
}

void expr_next(Compiler *c)
{
    TokenKind last = c->token.kind;
    c->operand = last == TOKEN_NUMBER || last == TOKEN_TEXT || last == TOKEN_NAME || last == TOKEN_VARIABLE ||
                 last == TOKEN_CLOSE || last == TOKEN_BRACKET_END || last == TOKEN_DOT || last == TOKEN_DOTS ||
                 last == TOKEN_STAR;
    size_t at = c->next;
    while (at < c->source.len && blank(c->source.at[at]))
        at++;
    if (c->failed) {
        c->token = (Token){ .kind = TOKEN_BAD, .at = at };
        return;
    }
    if (at == c->source.len) {
        token_set(c, TOKEN_END, at, at);
        return;
    }
    char ch = c->source.at[at];
    if (digit_at(c->source, at) || (ch == '.' && digit_at(c->source, at + 1)))
        token_number(c, at);
    else if (ch == '\'' || ch == '"')
        token_text(c, at);
    else if (ch == '$' && at + 1 < c->source.len && c->source.at[at + 1] == '{')
        token_variable(c, at);
    else if (expr_name_start((unsigned char)ch))
        token_name(c, at);
    else if (!token_mark(c, at))
        token_other(c, at);
}
