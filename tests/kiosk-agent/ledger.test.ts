import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { canonicalJson, genesis, nextHead } from '../../kiosk-agent/ledger/chain.ts'
import type { Entry } from '../../kiosk-agent/ledger/entries.ts'
import { verifyLedger } from '../../kiosk-agent/ledger/verify.ts'
import { ledgerIn, setting, temporaryFolder } from './support/ledger-fixture.ts'

describe('The ledger', () => {
  test('begins with its opening and a fresh epoch at every start', async () => {
    const folder = temporaryFolder()
    const first = await ledgerIn(folder)
    await first.close()
    const second = await ledgerIn(folder)
    const entries = (await second.read()).map(({ entry }) => entry)
    expect(entries).toEqual([
      { type: 'ledger-opened', format: 1, terminalId: 'east-1', simulated: true },
      { type: 'agent-started', build: 'test', epoch: first.epoch },
      { type: 'agent-started', build: 'test', epoch: second.epoch },
    ])
    expect(second.epoch).not.toBe(first.epoch)
  })

  test('chains each entry to the one before it', async () => {
    const ledger = await ledgerIn(temporaryFolder(), {
      clock: { ...stoppedClock, now: () => 1_700_000_000_000 },
    })
    const [one, two] = await ledger.append(setting(1), { type: 'fire', active: true })
    const [opened, started] = await ledger.read({ limit: 2 })
    const at = 1_700_000_000_000
    const body = '{"format":1,"simulated":true,"terminalId":"east-1","type":"ledger-opened"}'
    expect(opened?.hash).toBe(nextHead(genesis, { at, body }).hash)
    // Computed here once more with nothing of the product: sha256 over four lines.
    const { createHash } = await import('node:crypto')
    const lines = `${started?.hash}\n3\n${at}\n{"name":"volume","type":"setting","version":1,"who":"technician"}`
    expect(one).toEqual({
      seq: 3,
      at,
      entry: setting(1),
      hash: createHash('sha256').update(lines).digest('hex'),
    })
    expect(two?.seq).toBe(4)
    expect(ledger.head()).toEqual({ seq: 4, hash: two?.hash })
  })

  test('keeps the entries of one call together and every call in its order, however many come at once', async () => {
    const folder = temporaryFolder()
    const ledger = await ledgerIn(folder)
    const calls = Array.from({ length: 200 }, (_, n) => [setting(n, 'first'), setting(n, 'second')] as const)
    const answers = await Promise.all(calls.map((entries) => ledger.append(...entries)))
    answers.forEach((stored, n) => {
      expect(stored.map(({ entry }) => entry)).toEqual(calls[n])
      expect(stored.map(({ seq }) => seq)).toEqual([3 + 2 * n, 4 + 2 * n])
    })
    expect(await ledger.read({ afterSeq: 2 })).toEqual(answers.flat())
    expect(verifyLedger(join(folder, 'ledger.sqlite'))).toEqual({
      ok: true,
      entries: 402,
      head: ledger.head(),
      latestAt: expect.any(Number),
    })
  })

  test('reads by kind, from a place and up to a number', async () => {
    const ledger = await ledgerIn(temporaryFolder())
    await ledger.append(setting(1), { type: 'fire', active: true }, setting(2), setting(3))
    const found = await ledger.read({ types: ['setting', 'fire'], afterSeq: 3, limit: 2 })
    expect(found.map(({ entry }) => entry)).toEqual([{ type: 'fire', active: true }, setting(2)])
  })

  test('refuses what is not an entry, writes nothing of that call and repeats nothing of it', async () => {
    const ledger = await ledgerIn(temporaryFolder())
    const odd = {
      type: 'setting',
      name: 'volume',
      version: 1,
      who: 'x',
      idNumber: '11010519491231002X',
    } as Entry
    const refused = await ledger.append(setting(1), odd).catch((error: Error) => error)
    expect(refused).toMatchObject({ name: 'LedgerError', code: 'bad-entry' })
    expect(String(refused)).not.toContain('11010519491231002X')
    expect(ledger.head().seq).toBe(2)
  })

  test('cannot be changed through SQL: not updated, deleted, replaced or inserted into', async () => {
    const folder = temporaryFolder()
    const ledger = await ledgerIn(folder)
    await ledger.append(setting(1))
    const db = new DatabaseSync(join(folder, 'ledger.sqlite'))
    for (const statement of [
      `UPDATE entries SET at = 0`,
      `DELETE FROM entries WHERE seq = 3`,
      `INSERT OR REPLACE INTO entries (seq, at, body, hash) VALUES (2, 0, '{}', '')`,
      `INSERT INTO entries (seq, at, body, hash) VALUES (0, 0, '{}', '')`,
      `INSERT INTO entries (seq, at, body, hash) VALUES (9, 0, '{}', '')`,
    ]) {
      expect(() => db.exec(statement), statement).toThrow('append-only')
    }
    db.close()
    expect(verifyLedger(join(folder, 'ledger.sqlite'))).toMatchObject({ ok: true, entries: 3 })
  })

  test('writes no more once it is closed, after finishing what was asked', async () => {
    const ledger = await ledgerIn(temporaryFolder())
    const asked = ledger.append(setting(1))
    const closed = ledger.close()
    await expect(ledger.append(setting(2))).rejects.toMatchObject({ code: 'closed' })
    await closed
    expect(await asked).toHaveLength(1)
  })
})

describe('A ledger that is not ours', () => {
  test('of another terminal is refused', async () => {
    const folder = temporaryFolder()
    await (await ledgerIn(folder)).close()
    const other = ledgerIn(folder, { terminalId: 'west-2' })
    await expect(other).rejects.toMatchObject({
      code: 'other-ledger',
      message: expect.stringContaining('belongs to terminal "east-1", this is "west-2"'),
    })
  })

  test.each([
    [true, 'it is the ledger of a simulated terminal, this one is real'],
    [false, 'it is the ledger of a real terminal, this one is simulated'],
  ])('begun with simulated %s is refused by the other kind', async (simulated, message) => {
    const folder = temporaryFolder()
    await (await ledgerIn(folder, { simulated })).close()
    await expect(ledgerIn(folder, { simulated: !simulated })).rejects.toMatchObject({
      code: 'other-ledger',
      message: expect.stringContaining(message),
    })
  })

  test('of a newer program is refused, and so is the file of another program', async () => {
    for (const [statement, message] of [
      ['PRAGMA user_version = 99', 'newer version'],
      ['CREATE TABLE songs (name TEXT)', 'another program'],
    ] as const) {
      const folder = temporaryFolder()
      const db = new DatabaseSync(join(folder, 'ledger.sqlite'))
      db.exec(statement)
      db.close()
      await expect(ledgerIn(folder)).rejects.toMatchObject({
        code: 'other-ledger',
        message: expect.stringContaining(message),
      })
    }
  })

  test('is refused while somebody else writes it, and opens when they are done', async () => {
    const folder = temporaryFolder()
    const owner = await ledgerIn(folder)
    await expect(ledgerIn(folder)).rejects.toMatchObject({ code: 'in-use' })
    await owner.append(setting(1))
    await owner.close()
    expect((await ledgerIn(folder)).head().seq).toBe(4)
  })
})

describe('Trouble with the file', () => {
  test('a full disk: nothing half, nothing falsely done, and the chain goes on when there is room', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'ledger.sqlite')
    const ledger = await ledgerIn(folder, { maxBytes: 64 * 1024 })
    const troubles: unknown[] = []
    ledger.onTrouble((trouble) => troubles.push(trouble?.code))
    const written: number[] = []
    const long = 'x'.repeat(2_000)
    let full: unknown
    for (let n = 0; n < 100 && full === undefined; n++) {
      const answer = await ledger.append(setting(n, long)).catch((error: unknown) => error)
      if (Array.isArray(answer)) written.push(n)
      else full = answer
    }
    expect(full).toMatchObject({ code: 'disk-full', message: expect.stringContaining(path) })
    expect(full).toMatchObject({ message: expect.stringContaining('free some space') })
    expect(ledger.failed.aborted).toBe(false)
    await expect(ledger.append(setting(999, long))).rejects.toMatchObject({ code: 'disk-full' })
    // A short one still fits into the last page.
    await ledger.append(setting(1000, 'short'))
    expect(troubles).toEqual(['disk-full', undefined])

    const kept = (await ledger.read({ types: ['setting'] })).map(({ entry }) => entry)
    expect(kept).toEqual([...written.map((n) => setting(n, long)), setting(1000, 'short')])
    expect(verifyLedger(path, ledger.head().hash)).toMatchObject({ ok: true, entries: written.length + 3 })
  })

  test('a file that is no ledger any more is told, with its name and what to do', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'ledger.sqlite')
    writeFileSync(path, 'not a database, but long enough to look like something'.repeat(50))
    await expect(ledgerIn(folder)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining(path),
    })
  })

  test('entries that do not follow from each other are noticed at the next start', async () => {
    const folder = temporaryFolder()
    const ledger = await ledgerIn(folder)
    await ledger.append(setting(1), setting(2))
    await ledger.close()
    const db = new DatabaseSync(join(folder, 'ledger.sqlite'))
    db.exec(`DROP TRIGGER entries_never_change; UPDATE entries SET at = at + 1 WHERE seq = 3`)
    db.close()
    await expect(ledgerIn(folder)).rejects.toMatchObject({ code: 'damaged' })
  })

  test('a row slipped in by somebody else stops the ledger for good', async () => {
    const folder = temporaryFolder()
    const ledger = await ledgerIn(folder)
    const db = new DatabaseSync(join(folder, 'ledger.sqlite'))
    db.exec(`INSERT INTO entries (seq, at, body, hash) VALUES (3, 0, '{"type":"fire"}', 'made up')`)
    db.close()
    await expect(ledger.append(setting(1))).rejects.toMatchObject({ code: 'damaged' })
    await vi.waitFor(() => expect(ledger.failed.reason).toMatchObject({ code: 'damaged' }))
    await expect(ledger.append(setting(2))).rejects.toMatchObject({ code: 'damaged' })
  })
})

describe('Canonical JSON', () => {
  test('is the same text whatever the order of the keys, and the same value when read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(shuffled(JSON.parse(text)))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 200 },
    )
  })
})

const stoppedClock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() }

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  )
}
