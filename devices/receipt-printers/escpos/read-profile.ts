import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DeviceError } from '../../errors.ts'
import { type ConfigFault, faultLine, faultsOfIssue, valueAt } from '../../lib/config-faults.ts'
import { type PrinterProfile, profileFileSchema, profileOfFile } from './profile.ts'

/** One JSON file a model, `inherits` naming another of them. */
const printersFolder = join(import.meta.dirname, '../../../config/printers')
const extension = '.json'

interface ReadFile {
  readonly file: string
  readonly content: unknown
}

/** The profiles there are, by file name. Throws `bad-config` when the folder cannot be read. */
export function profileNames(folder = printersFolder): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(extension))
      .map((name) => name.slice(0, -extension.length))
      .sort()
  } catch (error) {
    throw new DeviceError('bad-config', `printer profiles: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Reads `NAME.json` and what it inherits. Throws `bad-config` with one line for each fault: the file it stands in, its
 * place, what was found, what is expected.
 */
export function readProfile(name: string, folder = printersFolder): PrinterProfile {
  const chain = readChain(name, folder)
  const merged = chain.map(({ content }) => content).reduceRight((parent, child) => inherit(parent, child))
  const result = profileFileSchema.safeParse(merged)
  if (result.success) return profileOfFile(result.data)
  const lines = result.error.issues.flatMap(faultsOfIssue).map((fault) => blame(chain, fault))
  throw new DeviceError('bad-config', lines.join('\n'))
}

/** The file itself first, then what it inherits. */
function readChain(name: string, folder: string): ReadFile[] {
  const chain: ReadFile[] = []
  const names = profileNames(folder)
  const seen: string[] = []
  let next: unknown = name
  while (next !== undefined) {
    const known = names.find((each) => each === next)
    const heir = chain.at(-1)
    if (known === undefined || seen.includes(known)) {
      const expected = `expected one of ${names.filter((each) => !seen.includes(each)).join(', ')}`
      const fault = { path: ['inherits'], expected }
      const message = heir
        ? faultLine(heir.file, heir.content, fault)
        : `${folder}: no "${name}"; ${expected}`
      throw new DeviceError('bad-config', message)
    }
    const file = join(folder, known + extension)
    const content = readJson(file)
    seen.push(known)
    chain.push({ file, content })
    next = valueAt(content, ['inherits'])
  }
  return chain
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new DeviceError('bad-config', `${file}: not readable as JSON: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/** Blocks are inherited key by key. A flag is one thing: a value never takes over the source of another value. */
function inherit(parent: unknown, child: unknown): unknown {
  if (!isBlock(parent) || !isBlock(child) || 'value' in child) return child
  const result: Record<string, unknown> = { ...parent }
  for (const [key, value] of Object.entries(child))
    result[key] = key in parent ? inherit(parent[key], value) : value
  return result
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is wrong is wrong in the file that says it; what nobody says is missing in the file that was asked for. */
function blame(chain: readonly ReadFile[], fault: ConfigFault): string {
  const says = ({ content }: ReadFile) => {
    const around = valueAt(content, fault.path.slice(0, -1))
    return valueAt(content, fault.path) !== undefined || (isBlock(around) && 'value' in around)
  }
  const guilty = chain.find(says) ?? chain[0]
  return faultLine(guilty?.file ?? '', guilty?.content, fault)
}
