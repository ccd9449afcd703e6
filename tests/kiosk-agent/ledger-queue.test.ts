import { describe, expect, onTestFinished, test } from 'vitest'
import { groupCommit } from '../../kiosk-agent/ledger/append-queue.ts'
import { genesis, type Head, nextHead, type Row } from '../../kiosk-agent/ledger/chain.ts'
import { SqliteFailure } from '../../kiosk-agent/sqlite-worker/failure.ts'
import { startSqliteWorker } from '../../kiosk-agent/sqlite-worker/host.ts'
import type { MortalMethods } from './support/mortal-worker.ts'

const row = (n: number): Row => ({ at: n, body: `{"n":${n}}` })

/** A disk whose every sync ends when the test says so. */
function slowDisk() {
  const commits: { rows: readonly Row[]; done: () => void; fail: (error: unknown) => void }[] = []
  let head = genesis
  const commit = (rows: readonly Row[]) =>
    new Promise<Head[]>((resolve, reject) => {
      const done = () => {
        const heads = rows.map((next) => (head = nextHead(head, next)))
        resolve(heads)
      }
      commits.push({ rows, done, fail: reject })
    })
  return { commits, commit }
}

const soon = () => new Promise((resolve) => setImmediate(resolve))

describe('Group commit', () => {
  test('syncs everything that came during a sync with the next one', async () => {
    const disk = slowDisk()
    const queue = groupCommit({
      path: 'x',
      head: genesis,
      lost: new AbortController().signal,
      commit: disk.commit,
    })
    const first = queue.append([row(1)])
    const later = [queue.append([row(2), row(3)]), queue.append([row(4)])]
    expect(disk.commits.map(({ rows }) => rows)).toEqual([[row(1)]])
    disk.commits[0]?.done()
    await first
    await soon()
    expect(disk.commits.map(({ rows }) => rows)).toEqual([[row(1)], [row(2), row(3), row(4)]])
    disk.commits[1]?.done()
    const [two, one] = await Promise.all(later)
    expect(two?.map(({ seq }) => seq)).toEqual([2, 3])
    expect(one?.map(({ seq }) => seq)).toEqual([4])
    expect(queue.head().seq).toBe(4)
  })

  test('does not say an entry is written before it is', async () => {
    const disk = slowDisk()
    const queue = groupCommit({
      path: 'x',
      head: genesis,
      lost: new AbortController().signal,
      commit: disk.commit,
    })
    let written = false
    const append = queue.append([row(1)]).then(() => {
      written = true
    })
    await soon()
    expect(written).toBe(false)
    expect(queue.head()).toEqual(genesis)
    disk.commits[0]?.done()
    await append
    expect(written).toBe(true)
  })
})

describe('After an error of the disk', () => {
  test('nothing is written until the ledger is opened again: what the disk kept is not known', async () => {
    const disk = slowDisk()
    const queue = groupCommit({
      path: 'x',
      head: genesis,
      lost: new AbortController().signal,
      commit: disk.commit,
    })
    const first = queue.append([row(1)])
    disk.commits[0]?.fail(new SqliteFailure('io', 'disk I/O error'))
    await expect(first).rejects.toMatchObject({ code: 'unreachable' })
    expect(queue.failed.aborted).toBe(true)
    await expect(queue.append([row(2)])).rejects.toMatchObject({ code: 'unreachable' })
    expect(disk.commits).toHaveLength(1)
  })

  test('that was only a full disk, writing goes on', async () => {
    const disk = slowDisk()
    const queue = groupCommit({
      path: 'x',
      head: genesis,
      lost: new AbortController().signal,
      commit: disk.commit,
    })
    const first = queue.append([row(1)])
    disk.commits[0]?.fail(new SqliteFailure('disk-full', 'database or disk is full'))
    await expect(first).rejects.toMatchObject({ code: 'disk-full' })
    const second = queue.append([row(2)])
    disk.commits[1]?.done()
    expect(await second).toMatchObject([{ seq: 1 }])
    expect(queue.failed.aborted).toBe(false)
  })
})

describe('The thread of a SQLite file', () => {
  function startMortal() {
    const worker = startSqliteWorker<MortalMethods>(new URL('./support/mortal-worker.ts', import.meta.url))
    onTestFinished(() => worker.stop())
    return worker
  }

  test('answers in order, and hands over why something failed', async () => {
    const worker = startMortal()
    const answers = [worker.ask('echo', 'a'), worker.ask('fail', 'no room'), worker.ask('echo', 'b')]
    expect(await Promise.allSettled(answers)).toMatchObject([
      { value: 'a' },
      { reason: { name: 'SqliteFailure', code: 'disk-full', message: 'no room' } },
      { value: 'b' },
    ])
  })

  test('rejects what waits and what comes when it dies, and the ledger above it fails for good', async () => {
    const worker = startMortal()
    const queue = groupCommit({
      path: '/data/east-1/ledger.sqlite',
      head: genesis,
      lost: worker.lost,
      commit: () => worker.ask('die'),
    })
    const appends = [queue.append([row(1)]), queue.append([row(2)])]
    for (const append of appends) await expect(append).rejects.toMatchObject({ code: 'lost' })
    expect(queue.failed.reason).toMatchObject({
      code: 'lost',
      message: expect.stringContaining('/data/east-1'),
    })
    await expect(queue.append([row(3)])).rejects.toMatchObject({ code: 'lost' })
    await expect(worker.ask('echo', 'anybody?')).rejects.toMatchObject({ code: 'worker-lost' })
    expect(queue.head()).toEqual(genesis)
  })

  test('tells of its end also while nothing is being written', async () => {
    const worker = startMortal()
    const commit = () => Promise.reject(new Error('nothing is committed here'))
    const queue = groupCommit({ path: 'x', head: genesis, lost: worker.lost, commit })
    const troubles: unknown[] = []
    queue.onTrouble((trouble) => troubles.push(trouble?.code))
    await expect(worker.ask('die')).rejects.toMatchObject({ code: 'worker-lost' })
    expect(queue.failed.reason).toMatchObject({ code: 'lost' })
    expect(troubles).toEqual(['lost'])
  })

  test('rejects what waits when it is stopped', async () => {
    const worker = startMortal()
    const waiting = expect(worker.ask('echo', 'a')).rejects.toMatchObject({ code: 'worker-lost' })
    await worker.stop()
    await waiting
    expect(worker.lost.aborted).toBe(false)
  })
})
