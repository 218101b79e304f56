// SPDX-License-Identifier: AGPL-3.0-or-later
// The server that the table of the protocol runs against: one program, and for each row a questionnaire, a round and a phone of its own.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Instance, check, sleep } from "../scenario/harness.mjs";
import { Phone } from "./phone.mjs";

const questions = (id, version, title) => `survey
,type,name,label::Tiếng Việt (vi),required,relevant,constraint,calculation,repeat_count
,start,bat_dau,,,,,,
,end,ket_thuc,,,,,,
,audit,audit,,,,,,
,select_one muc,hai_long,Ông/bà hài lòng không?,yes,,,,
,text,ly_do,Vì sao?,yes,\${hai_long} = '1',,,
,integer,tuoi,Tuổi,,,. >= 15 and . <= 110,,
,date,ngay,Ngày đến,,,,,
,integer,so_nguoi,Mấy người trong hộ?,,,,,
,begin_repeat,nguoi,Người,,,,,\${so_nguoi}
,text,ten,Tên,,,,,
,end_repeat,,,,,,,
,calculate,gap_doi,,,,,\${tuoi} * 2,
,image,anh,Ảnh,,,,,
,image,anh_hai,Ảnh nữa,,,,,
choices
,list_name,name,label::Tiếng Việt (vi)
,muc,1,Không
,muc,2,Bình thường
,muc,3,Hài lòng
settings
,form_id,version,form_title
,${id},${version},"${title}"
`;

let site = null, places = 0;

// The running server of the table, made at the first row. Its folder is removed by siteDone.
export async function siteStart(program, ...more) {
  site = new Instance(program);
  site.init();
  fs.appendFileSync(path.join(site.dir, "thuocdo.conf"), "http.proxies = 127.0.0.1\n");
  await site.start(...more);
  process.on("exit", () => site.child.kill("SIGKILL"));
  return site;
}

export const siteDone = () => site?.remove();

// Rows of a query, columns with | between.
export function sql(text, at = site) {
  const r = at.database ? spawnSync("psql", [at.database, "-Atc", text], { encoding: "utf8" })
    : spawnSync("sqlite3", ["-readonly", path.join(at.dir, "thuocdo.db"), text], { encoding: "utf8" });
  if (r.status !== 0) throw new Error(`${text}: ${r.stderr}`);
  return r.stdout.split("\n").filter(Boolean);
}
export const number = (text, at) => Number(sql(text, at)[0] ?? 0);

// Waits until everything that came is checked.
export async function checked(at = site) {
  for (let i = 0; i < 600; i++) {
    if (number("SELECT COUNT(*) FROM field_records WHERE checked < posts", at) === 0) return;
    await sleep(30);
  }
  check(false, "the check after the commit does not end");
}

// A place of its own: questionnaire, open round, phone.
export class Place {
  constructor() {
    this.form = `bang-${++places}`;
    this.site = site;
    this.publish("1");
    site.must("round", "create", this.form, "--form", this.form, "--open");
    this.phone = this.device("Máy 01");
  }

  publish(version, title = `Phiếu thử <${this.form}> & máy`) {
    const file = path.join(site.dir, `${this.form}.csv`);
    fs.writeFileSync(file, questions(this.form, version, title.replaceAll('"', '""')));
    site.must("form", "add", file);
    this.version = version;
  }

  device(name, ...more) {
    const made = site.json("device", "add", this.form, "--name", name, ...more);
    this.deviceId = made.id;
    return new Phone(made.url ?? `${site.base}/openrosa`, site.port);
  }

  // One interview's XML: parts replace what they name.
  xml({ id = "uuid:1", level = "3", more = "", age = "40", double = "80", picture = "", second = "", people = "", meta = "", version = this.version, end = "2026-11-22T08:20:00.000+07:00" } = {}) {
    const instance = id ? `<orx:instanceID>${id}</orx:instanceID>` : "";
    return `<?xml version='1.0' ?><data xmlns:orx="http://openrosa.org/xforms" id="${this.form}" version="${version}"><bat_dau>2026-11-22T08:00:00.000+07:00</bat_dau>` +
      `<ket_thuc>${end}</ket_thuc><hai_long>${level}</hai_long>${more}<tuoi>${age}</tuoi>${people}<gap_doi>${double}</gap_doi><anh>${picture}</anh>` +
      `<anh_hai>${second}</anh_hai><orx:meta>${instance}${meta}</orx:meta></data>`;
  }

  // Of this round: records, what counts, findings with their question, what was put aside.
  records() { return number(`SELECT COUNT(*) FROM field_records WHERE form_id = '${this.form}'`); }
  counts() { return site.json("round", "show", this.form).submissions; }
  flags(id = null) {
    return sql(`SELECT x.flag, x.node FROM submission_flags x JOIN field_records f ON f.submission_id = x.submission_id WHERE f.form_id = '${this.form}'` +
      `${id ? ` AND f.instance_id = '${id}'` : ""} ORDER BY x.flag, x.node`);
  }
  state(id = "uuid:1") { return sql(`SELECT state FROM field_records WHERE form_id = '${this.form}' AND instance_id = '${id}'`)[0]; }
  files(columns = "x.name, x.size, x.beside") {
    return sql(`SELECT ${columns} FROM submission_files x JOIN field_records f ON f.submission_id = x.submission_id WHERE f.form_id = '${this.form}' ORDER BY x.name, x.beside`);
  }
  aside() { return sql(`SELECT reason, times FROM submission_quarantine WHERE form_id = '${this.form}' ORDER BY reason, times`); }
}
