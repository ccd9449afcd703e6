import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { LedgerError } from './ledger/errors.ts'
import { ledgerPath } from './ledger/file.ts'
import { lastRows, verifyLedger, verifyProofs } from './ledger/verify.ts'

const usage = `npm run ledger -- verify [--data DIR] [--terminal ID] [--head HASH] [--key KEY]
npm run ledger -- show   [--data DIR] [--terminal ID] [--last N]

  verify   reads every entry, follows the chain, checks the signatures of the morning proofs; 0: sound, 1: changed or damaged, 2: could not be judged
  show     prints the newest entries (20 unless told)

  --data      the data folder ("data" unless told)
  --terminal  one terminal; all of the data folder unless told
  --head      the hash of a head noted earlier; shows whether the end was cut off since
  --key       the key of the morning proofs noted earlier; shows whether somebody else signed since
`

/** Exit codes of the command. */
const Exit = { sound: 0, broken: 1, notJudged: 2 } as const
type Exit = (typeof Exit)[keyof typeof Exit]

const print = (line: string) => process.stdout.write(`${line}\n`)
const complain = (line: string) => process.stderr.write(`${line}\n`)

if (import.meta.main) process.exitCode = main(process.argv.slice(2))

function main(args: string[]): Exit {
  try {
    const order = orderOf(args)
    if (order.command === 'verify') return verifyAll(order.paths, order.noted)
    for (const path of order.paths) show(path, order.last)
    return Exit.sound
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    if (!(error instanceof LedgerError)) complain(`\n${usage}`)
    return Exit.notJudged
  }
}

function orderOf(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: 'data' },
      terminal: { type: 'string' },
      head: { type: 'string' },
      key: { type: 'string' },
      last: { type: 'string', default: '20' },
    },
  })
  const [command, ...rest] = positionals
  if ((command !== 'verify' && command !== 'show') || rest.length > 0) throw new RangeError('verify or show?')
  const last = Number(values.last)
  if (!Number.isSafeInteger(last) || last < 1) throw new RangeError('--last: a whole number from 1')
  if (values.head !== undefined && !/^[0-9a-f]{64}$/.test(values.head)) {
    throw new RangeError('--head: 64 hexadecimal digits')
  }
  const paths = values.terminal ? [ledgerPath(values.data, values.terminal)] : ledgersIn(values.data)
  if (values.head !== undefined && paths.length > 1) {
    throw new RangeError('--head is the head of one ledger: say which with --terminal')
  }
  return { command, paths, noted: { head: values.head, key: values.key }, last }
}

function ledgersIn(dataFolder: string): string[] {
  if (!existsSync(dataFolder)) {
    throw new LedgerError('unreachable', `${dataFolder}: there is no such folder; name it with --data`)
  }
  const paths = readdirSync(dataFolder)
    .sort()
    .map((name) => join(dataFolder, name, 'ledger.sqlite'))
    .filter((path) => existsSync(path))
  if (paths.length === 0) throw new LedgerError('unreachable', `${dataFolder}: no terminal's ledger in it`)
  return paths
}

/** What somebody wrote down off the machine. */
interface Noted {
  readonly head: string | undefined
  readonly key: string | undefined
}

function verifyAll(paths: readonly string[], noted: Noted): Exit {
  const exits = paths.map((path) => verifyOne(path, noted))
  // One that was changed matters more than one that could not be read.
  if (exits.includes(Exit.broken)) return Exit.broken
  return exits.includes(Exit.notJudged) ? Exit.notJudged : Exit.sound
}

function verifyOne(path: string, { head, key }: Noted): Exit {
  try {
    const verdict = verifyLedger(path, head)
    if (verdict.ok) {
      print(`${path}: sound, ${verdict.entries} entries\n  head ${verdict.head.hash}`)
      return proofsOf(path, key)
    }
    print(`${path}: NOT SOUND at entry ${verdict.seq}: ${verdict.why}`)
    print(`  keep ${dirname(path)} as it is and report it`)
    return Exit.broken
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    return Exit.notJudged
  }
}

function proofsOf(path: string, key: string | undefined): Exit {
  const { count, keys, wrong } = verifyProofs(path)
  const strange = keys.filter((each) => key !== undefined && each !== key)
  const complaints = [...wrong, ...strange.map((each) => `a morning proof is signed by ${each}`)]
  if (count > 0) print(`  ${count} morning proofs, signed by ${keys.join(', ')}`)
  for (const complaint of complaints) print(`${path}: NOT SOUND: ${complaint}`)
  return complaints.length > 0 ? Exit.broken : Exit.sound
}

function show(path: string, last: number) {
  print(path)
  for (const { seq, at, body } of lastRows(path, last))
    print(`${seq}\t${new Date(at).toISOString()}\t${body}`)
}
