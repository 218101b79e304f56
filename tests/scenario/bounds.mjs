// SPDX-License-Identifier: AGPL-3.0-or-later
// What counts can be, given sums of them: the least and the greatest value of a sum of counts that are not negative, by the simplex method.
// Counts are whole; letting them be fractions gives bounds at most as close.
const tiny = 1e-9;

export class Bounds {
  // rows: [coefficients, value]; each says that a sum of the `wide` counts has this value.
  constructor(wide, rows) {
    this.wide = wide;
    this.basis = [];
    this.table = this.independent(rows);
    this.feasible();
  }

  // Gauss–Jordan: one row a fact, each with a column of its own.
  independent(rows) {
    const table = [];
    for (const [x, value] of rows) {
      const y = Float64Array.from([...x, value]);
      for (const r of table) { const f = y[r.pivot]; if (f) for (let i = 0; i <= this.wide; i++) y[i] -= f * r.row[i]; }
      let pivot = 0;
      for (let i = 1; i < this.wide; i++) if (Math.abs(y[i]) > Math.abs(y[pivot])) pivot = i;
      if (Math.abs(y[pivot]) < 1e-7) { if (Math.abs(y[this.wide]) > 1e-6) throw new Error(`sums that contradict each other by ${y[this.wide]}`); continue; }
      const f = y[pivot];
      for (let i = 0; i <= this.wide; i++) y[i] = Math.abs(y[i] / f) < tiny ? 0 : y[i] / f;
      for (const r of table) { const g = r.row[pivot]; if (g) for (let i = 0; i <= this.wide; i++) { const v = r.row[i] - g * y[i]; r.row[i] = Math.abs(v) < tiny ? 0 : v; } }
      table.push({ row: y, pivot });
    }
    this.basis = table.map((r) => r.pivot);
    return table.map((r) => r.row);
  }

  pivot(at, column) {
    const row = this.table[at], f = row[column], last = row.length - 1;
    for (let i = 0; i <= last; i++) row[i] /= f;
    for (const r of [...this.table, this.cost]) {
      const g = r === row ? 0 : r[column];
      if (!g) continue;
      for (let i = 0; i <= last; i++) { const v = r[i] - g * row[i]; r[i] = Math.abs(v) < tiny ? 0 : v; }
    }
    this.basis[at] = column;
  }

  // Lowers the cost row as far as it goes; Bland's rule ends every run. Infinity: it has no end.
  run(columns) {
    for (;;) {
      let enter = -1, leave = -1, least = Infinity;
      for (let i = 0; i < columns && enter < 0; i++) if (this.cost[i] < -1e-8) enter = i;
      if (enter < 0) return;
      this.table.forEach((r, k) => {
        if (r[enter] < 1e-8) return;
        const step = r.at(-1) / r[enter];
        if (step < least - tiny || (step < least + tiny && this.basis[k] < this.basis[leave])) { least = step; leave = k; }
      });
      if (leave < 0) { this.endless = true; return; }
      this.pivot(leave, enter);
    }
  }

  // Rows with a value below nought get a helper each, and the helpers are driven out.
  feasible() {
    const below = this.table.map((r, k) => [r, k]).filter(([r]) => r[this.wide] < -tiny), n = this.wide + below.length;
    this.table = this.table.map((r) => { const y = new Float64Array(n + 1); y.set(r.subarray(0, this.wide)); y[n] = r[this.wide]; return y; });
    this.cost = new Float64Array(n + 1);
    below.forEach(([, k], j) => {
      const y = this.table[k].map((v) => -v);
      y[this.wide + j] = 1;
      this.table[k] = y;
      this.basis[k] = this.wide + j;
      for (let i = 0; i <= n; i++) this.cost[i] -= i >= this.wide && i < n ? 0 : y[i];
    });
    this.run(this.wide);
    if (Math.abs(this.cost[n]) > 1e-6) throw new Error("no counts have these sums");
    this.table.forEach((r, k) => {                       // a helper of nought that stayed: any other column takes its place
      const to = this.basis[k] < this.wide ? -1 : r.findIndex((v, i) => i < this.wide && Math.abs(v) > 1e-7);
      if (to >= 0) this.pivot(k, to);
    });
    this.table = this.table.filter((_, k) => this.basis[k] < this.wide).map((r) => { const y = new Float64Array(this.wide + 1); y.set(r.subarray(0, this.wide)); y[this.wide] = r[n]; return y; });
    this.basis = this.basis.filter((b) => b < this.wide);
  }

  least(x) {
    this.cost = new Float64Array(this.wide + 1);
    this.cost.set(x);
    this.endless = false;
    this.table.forEach((r, k) => { const f = this.cost[this.basis[k]]; if (f) for (let i = 0; i <= this.wide; i++) this.cost[i] -= f * r[i]; });
    this.run(this.wide);
    return this.endless ? -Infinity : -this.cost[this.wide];
  }

  // [least, greatest] of the sum x of counts.
  of(x) { return [this.least(x), -this.least(Float64Array.from(x, (v) => -v))]; }
}
