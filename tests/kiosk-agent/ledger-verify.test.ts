import { spawnSync } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { nextHead } from '../../kiosk-agent/ledger/chain.ts'
import type { StoredEntry } from '../../kiosk-agent/ledger/entries.ts'
import { verifyLedger } from '../../kiosk-agent/ledger/verify.ts'
import { ledgerIn, setting, temporaryFolder } from './support/ledger-fixture.ts'

const withoutTriggers =
  'DROP TRIGGER entries_never_change; DROP TRIGGER entries_never_go; DROP TRIGGER entries_only_at_the_end;'

/** A closed ledger of ten entries, and what somebody with the file in hands then does to it. */
async function tamperedLedger(
  tamper: string | ((db: DatabaseSync, entries: readonly StoredEntry[]) => void),
) {
  const folder = temporaryFolder()
  const path = join(folder, 'ledger.sqlite')
  const ledger = await ledgerIn(folder)
  await ledger.append(...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => setting(n)))
  const entries = await ledger.read()
  await ledger.close()
  const db = new DatabaseSync(path)
  db.exec(withoutTriggers)
  if (typeof tamper === 'string') db.exec(tamper)
  else tamper(db, entries)
  db.close()
  return { path, noted: ledger.head().hash, verdict: verifyLedger(path) }
}

describe('Verifying a ledger', () => {
  test('finds a sound one sound, also while it is being written', async () => {
    const folder = temporaryFolder()
    const ledger = await ledgerIn(folder)
    const [noted] = await ledger.append(setting(1))
    await ledger.append(setting(2))
    const verdict = verifyLedger(join(folder, 'ledger.sqlite'), noted?.hash)
    expect(verdict).toMatchObject({ ok: true, entries: 4, head: ledger.head() })
    await ledger.append(setting(3))
  })

  test.each([
    ['a changed time', 'UPDATE entries SET at = at + 1 WHERE seq = 5', 5],
    [
      'a changed byte of an entry',
      `UPDATE entries SET body = replace(body, '"version":3', '"version":4')`,
      5,
    ],
    ['a space more in an entry', `UPDATE entries SET body = body || ' ' WHERE seq = 5`, 5],
    ['a changed hash', `UPDATE entries SET hash = replace(hash, substr(hash, 9, 1), 'g') WHERE seq = 5`, 5],
    ['a changed last hash', `UPDATE entries SET hash = upper(hash) WHERE seq = 10`, 10],
    ['a changed number', 'UPDATE entries SET seq = 50 WHERE seq = 10', 10],
    ['a removed row', 'DELETE FROM entries WHERE seq = 5', 5],
    ['a removed first row', 'DELETE FROM entries WHERE seq = 1', 1],
    [
      'two swapped rows',
      'UPDATE entries SET seq = 99 WHERE seq = 5; UPDATE entries SET seq = 5 WHERE seq = 6; UPDATE entries SET seq = 6 WHERE seq = 99',
      5,
    ],
    [
      'two swapped contents',
      `UPDATE entries SET body = CASE seq WHEN 5 THEN (SELECT body FROM entries WHERE seq = 6)
                                          ELSE (SELECT body FROM entries WHERE seq = 5) END WHERE seq IN (5, 6)`,
      5,
    ],
    [
      'a row put in between',
      `UPDATE entries SET seq = -seq WHERE seq > 4; UPDATE entries SET seq = 1 - seq WHERE seq < 0;
       INSERT INTO entries (seq, at, body, hash) SELECT 5, at, body, hash FROM entries WHERE seq = 4`,
      5,
    ],
    ['a row put before all', `INSERT INTO entries (seq, at, body, hash) VALUES (0, 0, '{}', '')`, 0],
    ['a row put at the end', `INSERT INTO entries (seq, at, body, hash) VALUES (11, 0, '{}', '')`, 11],
    ['everything removed', 'DELETE FROM entries', 1],
  ])('finds %s', async (_name, tamper, seq) => {
    const { verdict } = await tamperedLedger(tamper)
    expect(verdict).toMatchObject({ ok: false, seq })
  })

  test('finds a row put in between even when it carries a hash that fits', async () => {
    const { verdict } = await tamperedLedger((db, entries) => {
      const previous = entries[3]
      const body = '{"active":true,"type":"fire"}'
      if (!previous) throw new Error('no entry 4')
      db.exec('UPDATE entries SET seq = -seq WHERE seq > 4; UPDATE entries SET seq = 1 - seq WHERE seq < 0')
      const insert = db.prepare('INSERT INTO entries (seq, at, body, hash) VALUES (5, 0, ?, ?)')
      insert.run(body, nextHead(previous, { at: 0, body }).hash)
    })
    expect(verdict).toMatchObject({ ok: false, seq: 6 })
  })

  test('finds a cut-off end by a head noted before, which the chain alone cannot show', async () => {
    const { path, noted, verdict } = await tamperedLedger('DELETE FROM entries WHERE seq > 8')
    expect(verdict).toMatchObject({ ok: true, entries: 8 })
    expect(verifyLedger(path, noted)).toMatchObject({
      ok: false,
      seq: 9,
      why: expect.stringContaining('cut off'),
    })
  })

  test('finds a byte changed in the file itself', async () => {
    const { path } = await tamperedLedger('')
    const bytes = readFileSync(path)
    const place = bytes.lastIndexOf('technician')
    writeSync(openSync(path, 'r+'), 'T', place)
    expect(verifyLedger(path)).toMatchObject({ ok: false })
  })

  test('says damaged of a file that is cut in the middle or is no database', async () => {
    const { path } = await tamperedLedger('')
    writeFileSync(path, readFileSync(path).subarray(0, 6_000))
    expect(verifyLedger(path)).toMatchObject({ ok: false, why: expect.stringContaining('damaged') })
    writeFileSync(path, 'something else')
    expect(verifyLedger(path)).toMatchObject({ ok: false, why: expect.stringContaining('damaged') })
  })
})

describe('npm run ledger', () => {
  const command = resolve(import.meta.dirname, '../../kiosk-agent/ledger-command.ts')
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  async function dataFolder() {
    const data = temporaryFolder()
    const heads = new Map<string, string>()
    for (const terminalId of ['east-1', 'west-2']) {
      const ledger = await ledgerIn(data, { terminalId, path: join(data, terminalId, 'ledger.sqlite') })
      await ledger.append(setting(1), setting(2))
      await ledger.close()
      heads.set(terminalId, ledger.head().hash)
    }
    return { data, heads }
  }

  function damage(path: string) {
    const db = new DatabaseSync(path)
    db.exec(`${withoutTriggers} UPDATE entries SET at = 1 WHERE seq = 3`)
    db.close()
  }

  test('verify judges every ledger of the data folder, and answers with its exit code', async () => {
    const { data, heads } = await dataFolder()
    const sound = run('verify', '--data', data)
    expect(sound).toMatchObject({ status: 0, stderr: '' })
    expect(sound.stdout).toContain(`west-2/ledger.sqlite: sound, 4 entries\n  head ${heads.get('west-2')}`)

    damage(join(data, 'east-1', 'ledger.sqlite'))
    const broken = run('verify', '--data', data)
    expect(broken.status).toBe(1)
    expect(broken.stdout).toContain('east-1/ledger.sqlite: NOT SOUND at entry 3')
    expect(broken.stdout).toContain('west-2/ledger.sqlite: sound')
    expect(run('verify', '--data', data, '--terminal', 'west-2').status).toBe(0)
  })

  test('verify compares with a noted head', async () => {
    const { data, heads } = await dataFolder()
    const head = heads.get('west-2') ?? ''
    expect(run('verify', '--data', data, '--terminal', 'west-2', '--head', head).status).toBe(0)
    expect(run('verify', '--data', data, '--terminal', 'east-1', '--head', head).status).toBe(1)
    expect(run('verify', '--data', data, '--head', head)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--terminal'),
    })
  })

  test('show prints the newest entries', async () => {
    const { data } = await dataFolder()
    const { status, stdout } = run('show', '--data', data, '--terminal', 'east-1', '--last', '1')
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /\n4\t\d{4}-[^\t]+Z\t\{"name":"volume","type":"setting","version":2,"who":"technician"\}\n$/,
    )
    expect(stdout).not.toContain('"version":1')
  })

  test('says what it could not judge, and how it is used', () => {
    const empty = temporaryFolder()
    expect(run('verify', '--data', empty).status).toBe(2)
    expect(run('show', '--data', join(empty, 'x'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no such folder'),
    })
    expect(run('verify', '--data', empty, '--terminal', 'east-1').stderr).toContain('there is no such file')
    expect(run('frobnicate')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('npm run ledger -- verify'),
    })
    expect(run('verify', '--data', empty, '--terminal', '../elsewhere').status).toBe(2)
    mkdirSync(join(empty, 'east-1'))
    writeFileSync(join(empty, 'east-1', 'ledger.sqlite'), 'nonsense')
    expect(run('verify', '--data', empty).status).toBe(1)
  })
})
