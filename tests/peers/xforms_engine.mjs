// SPDX-License-Identifier: AGPL-3.0-or-later
// run.mjs PROGRAM FOLDER DIFFERENCES: each questionnaire of the folder becomes an XForm, its steps are put into the engine of
// ODK Web Forms and into `form play`; relevance, value and violation of every node must agree but for the listed ones.
import { JSDOM } from 'jsdom';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

const dom = new JSDOM('');
for (const name of ['window', 'document', 'DOMParser', 'XMLSerializer', 'Node', 'Element', 'Attr', 'Text', 'Document', 'XMLDocument',
    'XPathResult', 'XPathEvaluator', 'NodeFilter', 'CDATASection', 'Comment', 'ProcessingInstruction', 'DocumentFragment', 'HTMLElement'])
    globalThis[name] ??= name === 'window' ? dom.window : dom.window[name];
globalThis.__dirname = process.cwd();
const { loadForm } = await import('@getodk/xforms-engine');

const [, , program, folder, differencesFile] = process.argv;
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'peer-'));
const differences = new Set(fs.readFileSync(differencesFile, 'utf8').split('\n').filter(x => x && x[0] !== '#').map(x => x.split('\t')[0]));

// The lines of a questionnaire as one .csv with its sheets.
function csv(text) {
    const quoted = cell => `"${cell.replaceAll('"', '""')}"`;
    return text.split('\n').filter(x => x && x[0] !== '#')
        .map(x => x[0] === '[' ? x.slice(1, -1) : ',' + x.split('|').map(quoted).join(',')).join('\n') + '\n';
}

const children = node => node.currentState.children ?? [];
const isRange = node => node.nodeType.startsWith('repeat-range');

function find(root, at) {
    let node = root;
    for (const part of at.split('/').slice(2)) {
        const [, name, position] = /^(.+?)(?:\[(\d+)\])?$/.exec(part);
        node = children(node).find(x => x.currentState.reference.replace(/\[\d+\]$/, '').endsWith('/' + name));
        if (!node) return null;
        if (!isRange(node)) continue;
        const wanted = Number(position ?? 1);
        while (children(node).length < wanted) {
            if (!node.addInstances) return null;
            node.addInstances(children(node).length - 1);
        }
        node = children(node)[wanted - 1];
    }
    return node;
}

// What the engine cannot take (a text for a number) it does not take: such nodes are among the differences.
function put(node, text) {
    try {
        if (node.nodeType === 'select') node.selectValues(text.split(' '));
        else if (node.nodeType === 'rank') node.setValues(text.split(' '));
        else if (node.nodeType === 'trigger') node.setValue(text === 'OK');
        else if (node.nodeType !== 'upload')
            node.setValue(node.valueType === 'int' ? BigInt(text) : node.valueType === 'decimal' ? Number(text) : text);
    } catch { /* left empty */ }
}

function dump(node, out) {
    const state = node.currentState, value = state.instanceValue ?? state.value;
    if (!isRange(node) && node.nodeType !== 'root' && !state.reference.startsWith('/data/meta'))
        out[state.reference] = { relevant: state.relevant, value: state.relevant && !children(node).length ? String(value ?? '') : '',
            violation: node.validationState?.violation?.condition };
    for (const child of children(node)) dump(child, out);
    return out;
}

const say = x => x && `${x.relevant} "${x.value}" ${x.violation ?? ''}`;
let passed = 0, failed = 0;

async function sequence(file, xml, number, steps) {
    const stepFile = path.join(work, 'steps.json');
    fs.writeFileSync(stepFile, JSON.stringify(steps));
    const ours = JSON.parse(execFileSync(program, ['form', 'play', file, stepFile], { encoding: 'utf8' }));
    const form = await loadForm(xml), name = path.basename(file).replace('.csv', '.txt');
    if (form.status === 'failure') {
        failed++;
        console.log(`FAIL ${name}: refused, ${form.error}`);
        return;
    }
    const root = form.createInstance().root;
    for (const step of steps) {
        const at = step.indexOf('='), node = find(root, step.slice(0, at)), text = step.slice(at + 1);
        if (node && text) put(node, text);
    }
    const theirs = dump(root, {});
    for (const at of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
        const same = say(ours[at]) === say(theirs[at]);
        if (same || differences.has(`${name} ${number} ${at}`)) {
            passed++;
            continue;
        }
        failed++;
        console.log(`FAIL ${name} ${number} ${at}: ours ${say(ours[at])}, theirs ${say(theirs[at])}`);
    }
}

for (const name of fs.readdirSync(folder).filter(x => x.endsWith('.txt'))) {
    const [head, ...sequences] = fs.readFileSync(path.join(folder, name), 'utf8').split('[steps]\n');
    const file = path.join(work, name.replace('.txt', '.csv'));
    fs.writeFileSync(file, csv(head));
    const xml = execFileSync(program, ['form', 'xform', file], { encoding: 'utf8' });
    for (const [i, text] of sequences.entries()) {
        const [steps, tree] = text.split('[tree]\n');
        if (!tree.startsWith('step ')) await sequence(file, xml, i + 1, steps.split('\n').filter(Boolean));
    }
}
fs.rmSync(work, { recursive: true });
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
