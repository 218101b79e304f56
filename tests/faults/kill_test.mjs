// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 in the middle of a load of submissions: what was acknowledged is there, once, and the program starts by itself.
import { check, equal, seeded, sleep, test } from "../scenario/harness.mjs";
import { Ledger, clean, fresh, stored, using } from "./load.mjs";

const program = process.argv[2], long = process.argv[3] === "long";
const postgres = !!process.env.TEST_POSTGRES;
const rounds = long ? 1000 : 20, per_folder = 50;

async function kill_rounds(i, count, random, total) {
  const ledger = new Ledger();
  await i.start();
  for (let n = 0; n < count; n++) {
    const from = ledger.sent.size, load = ledger.load(i.port);
    await sleep(30 + Math.floor(random() * 300));
    i.child.kill("SIGKILL");
    await i.exited;
    await load.stop();
    const before = ledger.acknowledged, sent = ledger.sent.size;
    await i.start();
    const there = stored(i);
    if (there < before) total.lost += before - there;
    if (there > sent) total.doubled += there - sent;
    total.lost += await ledger.repeat(i.port, from);
    const distinct = stored(i);
    if (distinct > sent) total.doubled += distinct - sent;
    equal(distinct, sent, `round ${n}: submissions stored after every id was sent again`);
    equal(ledger.faults.slice(0, 3), [], "receipts");
    if (n % 5 === 4) clean(i, `check after round ${n}`);
    total.rounds++;
    total.acknowledged += before - from;
  }
  await ledger.repeat(i.port);
  equal(ledger.faults.slice(0, 3), [], "receipts of the whole ledger");
  equal(stored(i), ledger.sent.size, "submissions at the end");
  await i.stop();
  clean(i);
  total.sent += ledger.sent.size;
}

test(`kill -9 under load, ${rounds} rounds`, async () => {
  const total = { rounds: 0, sent: 0, acknowledged: 0, lost: 0, doubled: 0 }, random = seeded(20261122);
  try {
    for (let left = rounds; left > 0; left -= per_folder)
      await using(fresh(program), (i) => kill_rounds(i, Math.min(left, per_folder), random, total));
  } finally {
    console.log(`     ${postgres ? "PostgreSQL" : "SQLite"}: ${total.rounds} rounds, ${total.sent} submissions, ${total.acknowledged} acknowledged ` +
      `before a kill, ${total.lost} lost, ${total.doubled} doubled`);
  }
  equal([total.lost, total.doubled], [0, 0], "lost and doubled");
  check(total.acknowledged > 20 * total.rounds, "the load was too small to say anything");
});
