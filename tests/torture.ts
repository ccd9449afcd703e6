import { spawnSync } from 'node:child_process'

/**
 * `npm run torture`: the tests that can run for hours, made long, and every property on cases never tried before. Each prints
 * the seed that repeats a failure. A factor makes it longer or shorter: `npm run torture -- 0.1`.
 */
const factor = Number(process.argv[2] ?? 1)
const times = (count: number) => String(Math.max(1, Math.round(count * factor)))
const longOnes = [
  ...[
    ...['ledger-kill', 'hall-store-model', 'hall-store-processes', 'terminal-kill'],
    ...['print-kill', 'print-faults', 'print-interleavings'],
  ].map((name) => `tests/kiosk-agent/${name}`),
  'tests/end-to-end/unplugged',
]

function run(files: readonly string[], reporter: string, settings: Record<string, string>): boolean {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', `--reporter=${reporter}`, '--testTimeout=0']
  const env = { ...process.env, ...settings }
  return spawnSync(process.execPath, [...vitest, ...files], { stdio: 'inherit', env }).status === 0
}

let sound = run(longOnes, 'verbose', {
  KILLS: times(1000),
  HALL_RUNS: times(10_000),
  HALL_ROUNDS: times(1000),
  TERMINAL_KILLS: times(200),
  UNPLUG_CYCLES: times(1000),
  PRINT_KILLS: times(50),
  PRINT_STORIES: times(5000),
  // At full length a slip is broken at every byte.
  SLIP_OFFSETS: factor >= 1 ? 'all' : times(2000),
})
for (let round = 0; round < Number(times(50)); round++) {
  const seed = String((Date.now() + round) % 2 ** 31)
  process.stdout.write(`PROPERTY_SEED=${seed}\n`)
  sound = run(['tests/devices', 'tests/kiosk-agent/session'], 'dot', { PROPERTY_SEED: seed }) && sound
}
process.exit(sound ? 0 : 1)
