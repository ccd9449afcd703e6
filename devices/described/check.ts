import { DeviceError } from '../errors.ts'
import { type ConfigFault, faultLine, faultsOfIssue } from '../lib/config-faults.ts'
import { describedCodec, type Values } from './codec.ts'
import {
  type Description,
  descriptionShape,
  type Field,
  fieldBytes,
  isNumberField,
  longestFrame,
  tailBytes,
} from './description.ts'

/**
 * Checks a description read from `file`. Throws `bad-config` with one line for each fault: file, place, what was found, what
 * is expected. A description that passes reads its own golden frames.
 */
export function checkDescription(file: string, value: unknown): Description {
  const shape = descriptionShape.safeParse(value)
  const faults = shape.success ? faultsOf(shape.data) : shape.error.issues.flatMap(faultsOfIssue)
  if (shape.success && faults.length === 0) return shape.data
  throw new DeviceError('bad-config', faults.map((fault) => faultLine(file, value, fault)).join('\n'))
}

function faultsOf(description: Description): ConfigFault[] {
  const faults = [...frameFaults(description.frame), ...kindFaults(description)]
  // Golden frames mean nothing while the frame itself is wrong.
  return faults.length > 0 ? faults : goldenFaults(description)
}

function frameFaults(frame: Description['frame']): ConfigFault[] {
  const { length, checksum, fields } = frame
  const faults: ConfigFault[] = []
  const longest = longestFrame(frame)
  const dataEnd = longest - tailBytes(frame)
  const fault = (path: readonly PropertyKey[], expected: string) =>
    faults.push({ path: ['frame', ...path], expected })

  if (length.type === 'terminator' && checksum.type !== 'none')
    fault(['checksum', 'type'], 'expected "none": a checksum may look like the terminator')
  if (length.type === 'field' && length.offset + length.size > dataEnd)
    fault(['length', 'offset'], `expected a place inside the longest frame, which has ${longest} bytes`)
  if (checksum.type !== 'none' && checksum.from + checksum.before >= dataEnd)
    fault(['checksum', 'from'], `expected to cover at least one of the ${dataEnd} bytes before the checksum`)
  fields.forEach((field, at) => {
    const end = field.offset + (fieldBytes(field) ?? 1)
    if (end > dataEnd)
      fault(
        ['fields', at, 'offset'],
        `"${field.name}" ends at byte ${end}, but the data of the longest frame ends at byte ${dataEnd}`,
      )
    if (isNumberField(field) && field.length !== undefined)
      fault(['fields', at, 'length'], `expected none: ${field.type} has its own length`)
    if (fields.findIndex(({ name }) => name === field.name) < at)
      fault(['fields', at, 'name'], 'expected a name that no other field has')
    if (
      fieldBytes(field) === undefined &&
      fields.some((other) => other !== field && endOf(other) > field.offset)
    )
      fault(['fields', at, 'length'], `expected a length: another field lies behind "${field.name}"`)
  })
  return faults
}

const endOf = (field: Field) => field.offset + (fieldBytes(field) ?? 1)

function kindFaults({ kind, frame: { fields } }: Description): ConfigFault[] {
  const faults: ConfigFault[] = []
  const index = (name: string) => fields.findIndex((field) => field.name === name)
  const require = (name: string, why: string, fits: (field: Field) => boolean) => {
    const field = fields[index(name)]
    if (!field) faults.push({ path: ['frame', 'fields'], expected: `expected a field "${name}": ${why}` })
    else if (!fits(field))
      faults.push({ path: ['frame', 'fields', index(name)], expected: `expected ${why}` })
  }
  if (kind === 'thermometer') {
    const degrees = (field: Field) => isNumberField(field) && field.unit === 'celsius'
    require('raw', 'the skin as measured, a number in celsius', degrees)
    require('ambient', 'the room, a number in celsius', degrees)
    if (index('body') >= 0) require('body', "the module's own body temperature, a number in celsius", degrees)
    const [raw, body] = [fields[index('raw')], fields[index('body')]]
    if (raw && raw.offset === body?.offset)
      faults.push({
        path: ['frame', 'fields', index('body'), 'offset'],
        expected: 'expected another place than "raw": skin is not body; without "body" it is estimated',
      })
  } else {
    require('code', 'what was scanned, bytes or ascii', (field) => !isNumberField(field))
    if (index('aim') >= 0)
      require('aim', 'ascii of length 3', ({ type, length }) => type === 'ascii' && length === 3)
  }
  return faults
}

function goldenFaults(description: Description): ConfigFault[] {
  const codec = describedCodec(description)
  return description.golden.flatMap(({ frame, values }, at): ConfigFault[] => {
    const step = codec.decode(frame)
    if (step === 'more' || !('frame' in step) || step.used !== frame.length)
      return [
        {
          path: ['golden', at, 'frame'],
          expected: 'expected one whole frame as described, with a right checksum',
        },
      ]
    const read = readable(step.frame)
    return Object.entries(values)
      .filter(([name, value]) => read[name] !== value)
      .map(([name]) => ({
        path: ['golden', at, 'values', name],
        expected: `the frame as described gives ${JSON.stringify(read[name]) ?? 'no such field'}`,
      }))
  })
}

/** Values as a description writes them: bytes as hex. */
export function readable(values: Values): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    ]),
  )
}
