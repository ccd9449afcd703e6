import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, checkConfig, readConfig } from '../../config/read-config.ts'
import { hallSchema } from '../../config/schemas/hall.ts'
import { ruleSetSchema } from '../../config/schemas/rule-set.ts'
import { terminalSchema } from '../../config/schemas/terminal.ts'
import { configureDevice } from '../../devices/registry.ts'
import { loadTerminal } from '../../kiosk-agent/load-terminal.ts'

const shipped = fileURLToPath(new URL('../../config/', import.meta.url))
const schemas = { terminals: terminalSchema, halls: hallSchema, rules: ruleSetSchema }
type Folder = keyof typeof schemas
interface Named {
  readonly id?: string
  readonly name?: unknown
  readonly devices?: readonly Parameters<typeof configureDevice>[0][]
}

const filesIn = (folder: Folder) =>
  readdirSync(join(shipped, folder)).filter((name) => name.endsWith('.json'))

/** The shipped configuration, copied to where a test may spoil it. */
function copiedConfig() {
  const root = mkdtempSync(join(tmpdir(), 'hall-kiosk-config-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const folder of Object.keys(schemas))
    cpSync(join(shipped, folder), join(root, folder), { recursive: true })
  const pathOf = (file: string) => join(root, `${file}.json`)
  return {
    root,
    pathOf,
    write: (file: string, text: string) => writeFileSync(pathOf(file), text),
    /** Sets one value; `undefined` takes the key away. */
    set(file: string, path: readonly (string | number)[], value: unknown) {
      const whole = JSON.parse(readFileSync(pathOf(file), 'utf8'))
      const last = path.at(-1) ?? ''
      const parent = path.slice(0, -1).reduce((inner, key) => inner[key], whole)
      parent[last] = value
      writeFileSync(pathOf(file), JSON.stringify(whole))
    },
    load: () => loadTerminal(pathOf('terminals/demo'), join(root, 'data')),
    settings(value: string) {
      mkdirSync(join(root, 'data', 'demo-1'), { recursive: true })
      writeFileSync(join(root, 'data', 'demo-1', 'settings.json'), value)
    },
  }
}

async function messageOf(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => undefined,
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).message
}

const wrong: [string, [string, (string | number)[], unknown], string][] = [
  ['an unknown key', ['terminals/demo', ['heath'], {}], 'heath: this key is not known; remove or correct it'],
  [
    'an unknown key deep inside',
    ['terminals/demo', ['lane', 'seconds'], 9],
    'lane.seconds: this key is not known; remove or correct it',
  ],
  ['a missing key', ['terminals/demo', ['port'], undefined], 'port: found nothing; expected'],
  ['a wrong type', ['terminals/demo', ['simulated'], 'yes'], 'simulated: found "yes"; expected boolean'],
  [
    'a word not on the list',
    ['terminals/demo', ['language'], 'fr'],
    'language: found "fr"; expected "zh-Hans" or "zh-Hant" or "en"',
  ],
  ['a port too high', ['terminals/demo', ['port'], 70000], 'port: found 70000; '],
  [
    'two devices with one id',
    ['terminals/demo', ['devices', 3, 'id'], 'printer'],
    'devices[4].id: found "printer"; expected an id that no other device has',
  ],
  [
    'a bad id',
    ['terminals/demo', ['devices', 0, 'id'], 'Card Reader'],
    'devices[0].id: found "Card Reader"; lower-case',
  ],
  [
    'a time of day that does not exist',
    ['halls/demo', ['hours', 'monday', 0, 'to'], '24:30'],
    'hours.monday[0].to: found "24:30"; a time of day',
  ],
  [
    'a day that ends before it begins',
    ['halls/demo', ['hours', 'monday', 0], { from: '17:00', to: '09:00' }],
    'hours.monday[0]: found {"from":"17:00","to":"09:00"}; "from" must be before "to"',
  ],
  ['a hall for nobody', ['halls/demo', ['capacity'], 0], 'capacity: found 0; '],
  ['rules by path', ['halls/demo', ['rules'], '../rules/x'], 'rules: found "../rules/x"; lower-case letters'],
  [
    'a hall under another name',
    ['halls/demo', ['id'], 'east'],
    'id: found "east"; expected "demo", as the file is called',
  ],
  [
    'rules under another name',
    ['rules/epidemic-2020', ['name'], 'calm'],
    'name: found "calm"; expected "epidemic-2020", as the file is called',
  ],
  [
    'rules that ask for no appointment',
    ['rules/epidemic-2020', ['asks'], ['capacity']],
    'asks: found ["capacity"]; must ask for "appointment" and "capacity"',
  ],
  [
    'a limit in degrees',
    ['rules/epidemic-2020', ['temperature', 'limitTenths'], 37],
    'temperature.limitTenths: found 37; ',
  ],
  [
    'a limit in hundredths, which would let fever pass',
    ['rules/epidemic-2020', ['temperature', 'limitTenths'], 3730],
    'temperature.limitTenths: found 3730; ',
  ],
  [
    'a range upside down',
    ['rules/epidemic-2020', ['temperature', 'bodyCentiCelsius'], [4200, 3400]],
    'temperature.bodyCentiCelsius: found [4200,3400]; the first must be below the second',
  ],
  [
    'a warning before the beginning',
    ['rules/epidemic-2020', ['session', 'warnSeconds'], 60],
    '"warnSeconds" must be less than "idleSeconds"',
  ],
]

describe('The configuration', () => {
  test.each(Object.keys(schemas) as Folder[])(
    'as shipped in %s is right, devices included',
    async (folder) => {
      expect(filesIn(folder).length).toBeGreaterThan(0)
      for (const name of filesIn(folder)) {
        const file = join(shipped, folder, name)
        const value = await readConfig<Named>(file, schemas[folder] as z.ZodType<Named>)
        if (folder !== 'terminals') expect(value.id ?? value.name).toBe(basename(name, '.json'))
        for (const device of value.devices ?? []) await configureDevice(device)
      }
    },
  )

  test('as shipped loads whole, with every file that one names', async () => {
    const { load } = copiedConfig()
    const { terminal, hall, rules, folders } = await load()
    expect([terminal.id, hall.id, rules.name]).toEqual(['demo-1', 'demo', 'epidemic-2020'])
    expect(folders.ledger.endsWith(join('demo-1', 'ledger.sqlite'))).toBe(true)
  })

  test.each(wrong)(
    'with %s stops the start and says where, what was found and what is expected',
    async (_what, [file, path, value], expected) => {
      const config = copiedConfig()
      config.set(file, path, value)
      const message = await messageOf(config.load())
      expect(message).toContain(`${config.pathOf(file)}: `)
      expect(message).toContain(expected)
      expect(message.split('\n')).toHaveLength(1)
    },
  )

  test('tells everything that is wrong at once, a line each', async () => {
    const config = copiedConfig()
    config.set('terminals/demo', ['port'], 'x')
    config.set('terminals/demo', ['lane', 'grantSeconds'], 0)
    config.set('terminals/demo', ['more'], 1)
    const lines = (await messageOf(config.load())).split('\n')
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(line).toContain(config.pathOf('terminals/demo'))
  })

  test('says which file is missing, and who asks for it', async () => {
    const config = copiedConfig()
    const lost = config.pathOf('terminals/lost')
    expect(await messageOf(loadTerminal(lost, config.root))).toBe(`${lost}: there is no such file`)

    config.set('halls/demo', ['rules'], 'nowhere')
    expect(await messageOf(config.load())).toBe(
      `${config.pathOf('halls/demo')}: rules: found "nowhere"; expected the name of a file in ${join(config.root, 'rules')}, where nowhere.json is missing`,
    )
    config.set('terminals/demo', ['hall'], 'west')
    expect(await messageOf(config.load())).toBe(
      `${config.pathOf('terminals/demo')}: hall: found "west"; expected the name of a file in ${join(config.root, 'halls')}, where west.json is missing`,
    )
  })

  test('says where JSON is broken, and does not mind a byte order mark', async () => {
    const config = copiedConfig()
    const text = readFileSync(config.pathOf('halls/demo'), 'utf8')
    config.write('halls/demo', `\uFEFF${text}`)
    expect((await config.load()).hall.id).toBe('demo')
    config.write('halls/demo', text.slice(0, -10))
    expect(await messageOf(config.load())).toContain(`${config.pathOf('halls/demo')}: not valid JSON: `)
    config.write('halls/demo', '[]')
    expect(await messageOf(config.load())).toBe(
      `${config.pathOf('halls/demo')}: (the whole file): found []; expected object`,
    )
  })

  test('shortens what was found when it is long', () => {
    const long = 'x'.repeat(500)
    expect(() => checkConfig('FILE', { a: long }, z.strictObject({ a: z.int() }))).toThrow(
      /^FILE: a: found "x{76}\.\.\.; expected number$/,
    )
  })

  test('gives way to what the site has set for this terminal, in devices and panel alone', async () => {
    const config = copiedConfig()
    const panel = { diagonalInches: 10, widthPx: 800, heightPx: 1280 }
    config.settings(JSON.stringify({ panel, devices: [] }))
    const { terminal, settings } = await config.load()
    expect(terminal).toMatchObject({ panel, devices: [], port: 8420 })
    expect(settings.current).toEqual({ panel, devices: [] })

    config.settings(JSON.stringify({ panel }))
    expect((await config.load()).terminal.devices).toHaveLength(6)
    config.settings('{"simulated":false}')
    expect(await messageOf(config.load())).toContain('settings.json: simulated: this key is not known')
    config.settings('{"devices":')
    expect(await messageOf(config.load())).toContain('settings.json: not valid JSON')
  })

  test.each(Object.entries(schemas))(
    'of %s has a JSON Schema, so that an editor can help',
    (_folder, schema) => {
      const described = z.toJSONSchema(schema, { io: 'input' })
      expect(described).toMatchObject({ type: 'object', additionalProperties: false })
      expect(Object.keys(described.properties ?? {}).length).toBeGreaterThan(4)
    },
  )
})
