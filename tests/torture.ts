import { spawnSync } from 'node:child_process'

/**
 * `npm run torture`: the tests that can run for hours, made long. Each prints the seed that repeats a failure.
 * A factor makes it longer or shorter: `npm run torture -- 0.1`.
 */
const factor = Number(process.argv[2] ?? 1)
const times = (count: number) => String(Math.max(1, Math.round(count * factor)))
const files = ['ledger-kill', 'hall-store-model', 'hall-store-processes', 'terminal-kill'].map(
  (name) => `tests/kiosk-agent/${name}`,
)

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--reporter=verbose', '--testTimeout=0', ...files],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      KILLS: times(1000),
      HALL_RUNS: times(10_000),
      HALL_ROUNDS: times(1000),
      TERMINAL_KILLS: times(200),
    },
  },
)
process.exit(status ?? 1)
