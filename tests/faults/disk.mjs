// SPDX-License-Identifier: AGPL-3.0-or-later
// A file system of its own, small enough to be filled. Needs the right to mount; null without it.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Failure } from "../scenario/harness.mjs";

export function mounted(size) {
  if (process.getuid() !== 0) return null;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "thuocdo-full-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", dir]).status === 0) return dir;
  fs.rmdirSync(dir);
  return null;
}

export function unmount(dir) {
  if (spawnSync("umount", [dir]).status !== 0) throw new Failure("umount " + dir);
  fs.rmdirSync(dir);
}

// Fills the file system but for `leave` bytes; returns the file that takes the room.
export function fill(dir, leave) {
  const file = path.join(dir, "ballast"), fd = fs.openSync(file, "a"), block = Buffer.alloc(65536);
  try {
    for (;;) {
      const s = fs.statfsSync(dir), free = s.bavail * s.bsize - leave;
      if (free <= 0 || fs.writeSync(fd, block, 0, Math.min(block.length, free)) === 0) break;
    }
  } catch (e) {
    if (e.code !== "ENOSPC") throw e;
  }
  fs.closeSync(fd);
  return file;
}
