import { createHash, createHmac, createSecretKey, hkdfSync } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blindIndex } from '../../kiosk-agent/privacy/blind-index.ts'
import { commit, opens } from '../../kiosk-agent/privacy/commitment.ts'
import { openKeys } from '../../kiosk-agent/privacy/keys.ts'
import { maskIdNumber, maskName } from '../../kiosk-agent/privacy/mask.ts'
import { temporaryFolder } from './support/ledger-fixture.ts'

const specimen = '11010519491231002X'

describe('Keys', () => {
  const masterIn = (data: string) => join(data, 'keys', 'master.key')

  test('are made once, for this user only, and stay the same', async () => {
    const data = join(temporaryFolder(), 'not', 'yet')
    const first = (await openKeys(data)).derive('blind-index')
    expect(readdirSync(join(data, 'keys'))).toEqual(['master.key'])
    expect(statSync(masterIn(data)).size).toBe(32)
    if (process.platform !== 'win32') {
      expect(statSync(masterIn(data)).mode & 0o777).toBe(0o600)
      expect(statSync(join(data, 'keys')).mode & 0o777).toBe(0o700)
    }
    expect((await openKeys(data)).derive('blind-index').equals(first)).toBe(true)
  })

  test('are of 32 bytes, and others for each purpose and each data folder', async () => {
    const [here, there] = [await openKeys(temporaryFolder()), await openKeys(temporaryFolder())]
    const keys = [here.derive('a'), here.derive('b'), there.derive('a')].map((key) =>
      key.export().toString('hex'),
    )
    expect(new Set(keys).size).toBe(3)
    for (const key of keys) expect(key).toHaveLength(64)
  })

  test('follow RFC 5869, so that another program can derive them from the same file', async () => {
    const data = temporaryFolder()
    const key = (await openKeys(data)).derive('blind-index')
    const expected = hkdfSync('sha256', readFileSync(masterIn(data)), '', 'hall-kiosk blind-index', 32)
    expect(key.export()).toEqual(Buffer.from(expected))
  })

  test('are the same for agents that start for the first time at once', async () => {
    const data = temporaryFolder()
    const keys = await Promise.all(Array.from({ length: 8 }, () => openKeys(data)))
    const derived = keys.map((each) => each.derive('blind-index').export().toString('hex'))
    expect(new Set(derived).size).toBe(1)
    expect(readdirSync(join(data, 'keys'))).toEqual(['master.key'])
  })

  test.skipIf(process.platform === 'win32')('that others can read are refused, with what to do', async () => {
    const data = temporaryFolder()
    await openKeys(data)
    for (const mode of [0o640, 0o604, 0o622]) {
      chmodSync(masterIn(data), mode)
      await expect(openKeys(data), mode.toString(8)).rejects.toMatchObject({
        name: 'KeyFileError',
        code: 'readable-by-others',
        message: expect.stringContaining(`chmod 600 ${masterIn(data)}`),
      })
    }
  })

  test('that are cut off are refused, never replaced', async () => {
    const data = temporaryFolder()
    mkdirSync(join(data, 'keys'))
    writeFileSync(masterIn(data), 'short', { mode: 0o600 })
    await expect(openKeys(data)).rejects.toMatchObject({ code: 'wrong-size' })
    expect(readFileSync(masterIn(data), 'utf8')).toBe('short')
  })

  test('are never made anew beside halls that the lost key would still open', async () => {
    const data = temporaryFolder()
    await openKeys(data)
    mkdirSync(join(data, 'halls', 'demo'), { recursive: true })
    rmSync(join(data, 'keys'), { recursive: true })
    await expect(openKeys(data)).rejects.toMatchObject({ code: 'lost' })
    expect(existsSync(join(data, 'keys', 'master.key'))).toBe(false)
  })

  test('that can be neither read nor made are told with their file', async () => {
    const data = temporaryFolder()
    writeFileSync(join(data, 'keys'), 'a file where the folder should be')
    await expect(openKeys(data)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(masterIn(data)),
    })
  })
})

describe('The blind index', () => {
  const key = createSecretKey(Buffer.alloc(32, 7))

  test('is an HMAC of the number as it is on the card, however it was typed', () => {
    const expected = createHmac('sha256', Buffer.alloc(32, 7)).update(specimen).digest('hex')
    for (const typed of [
      specimen,
      specimen.toLowerCase(),
      ` ${specimen} `,
      '１１０１０５１９４９１２３１００２Ｘ',
    ]) {
      expect(blindIndex(key, typed)).toBe(expected)
    }
  })

  test('is another for another number and another key', () => {
    const other = createSecretKey(Buffer.alloc(32, 8))
    expect(blindIndex(other, specimen)).not.toBe(blindIndex(key, specimen))
    expect(blindIndex(key, '110105194912310038')).not.toBe(blindIndex(key, specimen))
  })
})

describe('A commitment', () => {
  test('opens with its salt and its number, and with nothing else', () => {
    const { commitment, salt } = commit(specimen)
    expect(opens(commitment, salt, specimen)).toBe(true)
    expect(opens(commitment, salt, specimen.toLowerCase())).toBe(true)
    expect(opens(commitment, salt, '110105194912310038')).toBe(false)
    expect(opens(commitment, commit(specimen).salt, specimen)).toBe(false)
    expect(opens(commitment, '', specimen)).toBe(false)
    expect(opens(commit('').commitment, salt, specimen)).toBe(false)
  })

  test('is a SHA-256 over 16 random bytes and the number, new each time', () => {
    const { commitment, salt } = commit(specimen)
    expect(salt).toMatch(/^[0-9a-f]{32}$/)
    expect(commitment).toBe(createHash('sha256').update(salt, 'hex').update(specimen).digest('hex'))
    expect(commit(specimen).commitment).not.toBe(commitment)
  })
})

describe('Masking', () => {
  test.each([
    [specimen, '1101**********002X'],
    [` ${specimen} `, '1101**********002X'],
    ['H1234567890', 'H1*******90'],
    ['E12345678', 'E1*****78'],
    ['12345', '1***5'],
    ['123', '***'],
    ['1', '*'],
    ['', ''],
  ])('shows of the number %s only %s', (idNumber, masked) => {
    expect(maskIdNumber(idNumber)).toBe(masked)
  })

  test('never shows more than half of a number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z]{0,24}$/), (idNumber) => {
        const masked = maskIdNumber(idNumber)
        expect(masked).toHaveLength(idNumber.length)
        expect(masked.split('*').length - 1).toBeGreaterThanOrEqual(idNumber.length / 2)
      }),
    )
  })

  test.each([
    ['张三', '张*'],
    ['王小明', '王*明'],
    ['欧阳娜娜', '欧**娜'],
    [' 王小明 ', '王*明'],
    ['买买提·艾力', '买****力'],
    // Outside the first plane, two UTF-16 units each.
    ['𠮷野𠮷', '𠮷*𠮷'],
    ['𠮷野', '𠮷*'],
    ['张', '*'],
    ['John Smith', 'J*** S****'],
    ['Zoë  de la Cruz', 'Z** d* l* C***'],
    ['Zoe\u0308', 'Z**'],
    ['X Li', '* L*'],
    ['', ''],
    ['\uf900明', '\uf900*'],
  ])('shows of the name %s only %s', (name, masked) => {
    expect(maskName(name)).toBe(masked)
  })
})
