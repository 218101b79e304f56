/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What can be wrong with a change of units, as catalogue texts. */
#include "org/unit_plan.h"

static const Str keys[UNIT_FAULT_COUNT] = {
    [UNIT_FAULT_NAME_MISSING] = S_INIT("unit.fault.name_missing"),
    [UNIT_FAULT_TEXT_LONG] = S_INIT("unit.fault.text_long"),
    [UNIT_FAULT_TEXT_BAD] = S_INIT("unit.fault.text_bad"),
    [UNIT_FAULT_CODE_MISSING] = S_INIT("unit.fault.code_missing"),
    [UNIT_FAULT_CODE_BAD] = S_INIT("unit.fault.code_bad"),
    [UNIT_FAULT_CODE_DIGITS] = S_INIT("unit.fault.code_digits"),
    [UNIT_FAULT_CODE_TAKEN] = S_INIT("unit.fault.code_taken"),
    [UNIT_FAULT_KIND_UNKNOWN] = S_INIT("unit.fault.kind_unknown"),
    [UNIT_FAULT_PARENT_MISSING] = S_INIT("unit.fault.parent_missing"),
    [UNIT_FAULT_PARENT_UNKNOWN] = S_INIT("unit.fault.parent_unknown"),
    [UNIT_FAULT_PARENT_ENDED] = S_INIT("unit.fault.parent_ended"),
    [UNIT_FAULT_PARENT_CYCLE] = S_INIT("unit.fault.parent_cycle"),
    [UNIT_FAULT_PARENT_KIND] = S_INIT("unit.fault.parent_kind"),
    [UNIT_FAULT_DATE_MISSING] = S_INIT("unit.fault.date_missing"),
    [UNIT_FAULT_DATE_BAD] = S_INIT("unit.fault.date_bad"),
    [UNIT_FAULT_DATE_BEFORE] = S_INIT("unit.fault.date_before"),
    [UNIT_FAULT_ENDED] = S_INIT("unit.fault.ended"),
    [UNIT_FAULT_SAME_DAY] = S_INIT("unit.fault.same_day"),
    [UNIT_FAULT_LATER_CHANGES] = S_INIT("unit.fault.later_changes"),
    [UNIT_FAULT_NOTHING] = S_INIT("unit.fault.nothing"),
    [UNIT_FAULT_SHARE_RANGE] = S_INIT("unit.fault.share_range"),
    [UNIT_FAULT_SHARES_SUM] = S_INIT("unit.fault.shares_sum"),
    [UNIT_FAULT_TOO_FEW] = S_INIT("unit.fault.too_few"),
    [UNIT_FAULT_TWICE] = S_INIT("unit.fault.twice"),
    [UNIT_FAULT_KINDS_DIFFER] = S_INIT("unit.fault.kinds_differ"),
    [UNIT_FAULT_HAS_CHILDREN] = S_INIT("unit.fault.has_children"),
    [UNIT_FAULT_CHILD_NOWHERE] = S_INIT("unit.fault.child_nowhere"),
    [UNIT_FAULT_UNIT_UNKNOWN] = S_INIT("unit.fault.unit_unknown"),
    [UNIT_FAULT_OUT_OF_SCOPE] = S_INIT("unit.fault.out_of_scope"),
    [UNIT_FAULT_ROOT] = S_INIT("unit.fault.root"),
    [UNIT_FAULT_FILE_EMPTY] = S_INIT("unit.fault.file_empty"),
    [UNIT_FAULT_FILE_BROKEN] = S_INIT("unit.fault.file_broken"),
    [UNIT_FAULT_FILE_ROWS] = S_INIT("unit.fault.file_rows"),
    [UNIT_FAULT_COLUMN_UNKNOWN] = S_INIT("unit.fault.column_unknown"),
    [UNIT_FAULT_COLUMN_MISSING] = S_INIT("unit.fault.column_missing"),
    [UNIT_FAULT_COLUMN_TWICE] = S_INIT("unit.fault.column_twice"),
    [UNIT_FAULT_CELLS_TOO_MANY] = S_INIT("unit.fault.cells_too_many"),
    [UNIT_FAULT_ROW_TWICE] = S_INIT("unit.fault.row_twice"),
};

Str unit_fault_key(UnitFaultKind kind)
{
    return keys[kind];
}

Str unit_fault_text(Arena *a, Lang l, const UnitFault *f)
{
    if (f->kind == UNIT_FAULT_FILE_BROKEN) {           /* value names what the CSV reader met */
        TextArg place[] = { ARG_N("line", f->line), ARG_N("column", f->column) };
        return text_fill(a, l, text_find(l, str_concat(a, S("files.csv."), f->value)), place, COUNT_OF(place));
    }
    TextArg args[] = { ARG_S("value", f->value), ARG_S("other", f->other), ARG_S("date", date_text(a, l, f->date)) };
    return text_fill(a, l, text_find(l, keys[f->kind]), args, COUNT_OF(args));
}
