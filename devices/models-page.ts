import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Kind } from './kinds.ts'
import { describedDriverIds, findDescription, findDriver, modelIds } from './registry.ts'

/** What `facts.json` in a model's folder tells, and no driver can. */
const factsSchema = z.strictObject({
  reachedOver: z.string().min(1),
  /** Where the protocol is documented. */
  source: z.string().min(1),
  /** What it was tried with, short of the real thing. */
  tried: z.string().min(1),
  /** Which unit it ran on, when and where; null: never on any. */
  hardware: z.string().min(1).nullable(),
})

const folders: Readonly<Record<Kind, string>> = {
  'id-card-reader': 'id-card-readers',
  'code-scanner': 'code-scanners',
  thermometer: 'thermometers',
  gate: 'gates',
  auxiliaries: 'auxiliaries',
  'receipt-printer': 'receipt-printers',
}

const begin = '<!-- models, written by `npm run devices:readme` -->'
const end = '<!-- end of models -->'
const heading = `| id in settings | model | kind | reached over | source | tried with | on hardware |
| --- | --- | --- | --- | --- | --- | --- |`

/** `page`, with the table between its two marks made anew from every model's own facts. */
export async function withModels(page: string): Promise<string> {
  const [before, rest] = page.split(begin)
  const [, after] = rest?.split(end) ?? []
  if (before === undefined || after === undefined)
    throw new Error(`devices/README.md: the marks "${begin}" and "${end}" are missing`)
  const rows = await Promise.all([
    ...modelIds.map(programmedRow),
    ...(await describedDriverIds()).map(describedRow),
  ])
  return `${before}${begin}\n\n${heading}\n${rows.join('\n')}\n\n${end}${after}`
}

async function programmedRow(id: string): Promise<string> {
  const driver = await findDriver(id)
  if (!driver) throw new Error(`${id}: not in the registry`)
  const place = `${folders[driver.kind]}/${id}`
  const text = await readFile(join(import.meta.dirname, place, 'facts.json'), 'utf8')
  const { reachedOver, source, tried, hardware } = factsSchema.parse(JSON.parse(text))
  return row([
    `[\`${id}\`](${place}/README.md)`,
    driver.label,
    driver.kind,
    reachedOver,
    source,
    tried,
    hardware,
  ])
}

/** A described device is tried with its own golden frames whenever it is loaded. */
async function describedRow(id: string): Promise<string> {
  const description = await findDescription(id)
  if (!description) throw new Error(`${id}: not in the folder of descriptions`)
  const { kind, label, source } = description
  const tried = 'its own golden frames, simulator in memory'
  return row([`\`${id}\` (config/drivers)`, label, kind, 'serial', source, tried, null])
}

function row(cells: readonly (string | null)[]): string {
  return `| ${cells.map((cell) => cell ?? 'never run on hardware').join(' | ')} |`
}
