import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fakeClock } from './support/fake-clock.ts'
import { readableEvents, replay } from './support/replay-trace.ts'
import { play, scenes, tell } from './support/wire-scenes.ts'

/** Records tests/fixtures/traces anew, after a change of the trace format or of a model's wire. Look at what changed. */
const folder = new URL('fixtures/traces/', import.meta.url).pathname
const kept = new Set([
  ...['sam-serial', 'sam-usb', 'sam-hid', 'line-scanner', 'zebra-ssi', 'hid-pos', 'gy-614v'],
  ...['modbus-infrared', 'modbus-relay', 'modbus-io', 'escpos'],
])

for (const scene of scenes.filter(({ model }) => kept.has(model))) {
  const { trace } = await play(scene)
  const lines = [trace.header, ...trace.lines].map((line) => `${JSON.stringify(line)}\n`)
  writeFileSync(join(folder, `${scene.model}.jsonl`), lines.join(''))
  const clock = fakeClock(Date.parse(trace.header.at))
  const { events } = await replay(trace, clock, (commands) => tell(scene.kind, commands))
  writeFileSync(
    join(folder, `${scene.model}.events.json`),
    `${JSON.stringify(readableEvents(events), null, 2)}\n`,
  )
}
