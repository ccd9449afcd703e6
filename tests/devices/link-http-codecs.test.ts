import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerChallenge, readChallenge } from '../../devices/link/digest.ts'
import { MultipartCutter, MultipartError } from '../../devices/link/multipart.ts'

// RFC 7616, section 3.9.1
const realm = 'http-auth@example.org'
const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v'
const opaque = 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS'
const printed = (algorithm: string) =>
  `Digest realm="${realm}", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}", opaque="${opaque}"`
const proof = {
  username: 'Mufasa',
  password: 'Circle of Life',
  method: 'GET',
  uri: '/dir/index.html',
  count: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}

describe('A Digest login', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers the printed example of RFC 7616 with %s', (algorithm, response) => {
    const challenge = readChallenge([printed(algorithm)])
    expect(challenge).toMatchObject({ algorithm, realm, nonce, opaque, stale: false })
    const answer = challenge && answerChallenge(challenge, proof)
    expect(answer).toContain(`response="${response}"`)
    expect(answer).toContain('nc=00000001')
    expect(answer).not.toContain(proof.password)
  })

  test('takes the stronger of two challenges, in one header or in two', () => {
    const both = [printed('MD5'), printed('SHA-256')]
    expect(readChallenge(both)?.algorithm).toBe('SHA-256')
    expect(readChallenge([both.join(', ')])?.algorithm).toBe('SHA-256')
    expect(readChallenge([`Basic realm="a, Digest b", ${printed('MD5')}`])?.algorithm).toBe('MD5')
  })

  test.each([
    ['Basic alone', 'Basic realm="camera"'],
    ['a proof of the body', 'Digest realm="a", nonce="b", qop="auth-int"'],
    ['no qop', 'Digest realm="a", nonce="b"'],
    ['an algorithm nobody knows', 'Digest realm="a", nonce="b", qop="auth", algorithm=SHA-512-256'],
    ['nothing', ''],
    ['noise', '= ,,= "'],
  ])('does not answer %s', (_, header) => {
    expect(readChallenge([header])).toBeUndefined()
  })

  test('keeps quotes and backslashes in what it repeats', () => {
    const challenge = readChallenge(['Digest realm="a \\"b\\" \\\\c", nonce="n", qop=auth, stale=TRUE'])
    expect(challenge).toMatchObject({ realm: 'a "b" \\c', stale: true })
    expect(challenge && answerChallenge(challenge, proof)).toContain('realm="a \\"b\\" \\\\c"')
  })
})

const text = (value: string) => new TextEncoder().encode(value)
const json = '{ "eventType": "heartBeat", "n": "}" }'
const xml = '<?xml version="1.0"?>\n<Event version="2.0">\n<a>1</a>\n</Event>'
const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0x0a, 0x2d, 0x2d]), Buffer.alloc(3000, 0x2d)])

interface Sent {
  readonly type: string
  readonly body: Uint8Array | string
}

function wire(
  parts: readonly Sent[],
  { line = '\r\n', delimiter = '--MIME_boundary', length = (body: Uint8Array) => `${body.length}` } = {},
) {
  const chunks = parts.map(({ type, body }) => {
    const bytes = typeof body === 'string' ? text(body) : body
    const told = length(bytes)
    const head = `${delimiter}${line}Content-Type: ${type}${line}${told && `Content-Length: ${told}${line}`}${line}`
    return Buffer.concat([text(head), bytes, text(line)])
  })
  return Buffer.concat(chunks)
}

const parts: Sent[] = [
  { type: 'application/json; charset="UTF-8"', body: json },
  { type: 'image/jpeg', body: jpeg },
  { type: 'application/xml', body: xml },
]
const bodies = [json, xml]

function cut(bytes: Uint8Array, boundary: string | undefined, pieces: readonly number[] = []): string[] {
  const cutter = new MultipartCutter(boundary)
  const found: string[] = []
  let from = 0
  for (const at of [...pieces, bytes.length]) {
    for (const { body } of cutter.push(bytes.subarray(from, at))) found.push(Buffer.from(body).toString())
    from = at
  }
  return found
}

describe('A multipart event stream', () => {
  const told = (body: Uint8Array) => `${body.length}`
  const untold = () => ''
  const withLineEnd = (body: Uint8Array) => `${body.length + 2}`
  const liberties: [string, string | undefined, Parameters<typeof wire>[1]][] = [
    ['as the standard has it', 'MIME_boundary', {}],
    ['without lengths', 'MIME_boundary', { length: untold }],
    ['with lengths that are too short', 'MIME_boundary', { length: () => '9' }],
    ['with lengths that count the line end', 'MIME_boundary', { length: withLineEnd }],
    ['with line feeds alone', 'MIME_boundary', { line: '\n', length: told }],
    ['with angle brackets in the boundary', '<frontier>', { delimiter: '--<frontier>' }],
    ['with dashes in the boundary, written once', '--mine', { delimiter: '--mine', length: untold }],
    ['with dashes in the boundary, written twice', '--mine', { delimiter: '----mine' }],
    ['with no boundary told', undefined, { delimiter: '--whatever' }],
  ]

  test.each(liberties)(
    '%s: every part comes, in pieces of any size; pictures pass by',
    (_, boundary, how) => {
      const bytes = Buffer.concat([wire(parts, how), wire(parts.slice(0, 1), how)])
      for (const size of [1, 2, 7, 100, 5000]) {
        const pieces = Array.from(
          { length: Math.floor(bytes.length / size) },
          (_unused, index) => index * size,
        )
        expect(cut(bytes, boundary, pieces)).toEqual([...bodies, json])
      }
    },
  )

  test('any cutting gives the same parts', () => {
    const bytes = wire(parts)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        expect(
          cut(
            bytes,
            'MIME_boundary',
            [...cuts].sort((a, b) => a - b),
          ),
        ).toEqual(bodies)
      }),
    )
  })

  test('a part is there as soon as its last byte came, not with the next event', () => {
    for (const length of [told, untold]) {
      const bytes = wire(parts.slice(0, 1), { length })
      expect(cut(bytes.subarray(0, bytes.length - 2), 'MIME_boundary')).toEqual([json])
      expect(cut(bytes.subarray(0, bytes.length - 3), 'MIME_boundary')).toEqual([])
    }
  })

  test('a part torn at any byte is not heard of, and does not swallow the next', () => {
    const whole = wire(parts.slice(0, 1))
    const end = whole.length - 2
    for (let torn = 0; torn < end; torn++) {
      const bytes = Buffer.concat([whole.subarray(0, torn), text('\r\n'), wire(parts.slice(2))])
      expect([torn, cut(bytes, 'MIME_boundary')]).toEqual([torn, [xml]])
    }
  })

  test('ends with the closing delimiter', () => {
    const cutter = new MultipartCutter('b')
    cutter.push(text('--b--\r\n'))
    expect(cutter.ended).toBe(true)
    expect(cutter.push(wire(parts, { delimiter: '--b' }))).toEqual([])
  })

  test('a boundary that only begins alike is no delimiter', () => {
    const inside = '{ "a": "\n--MIME_boundary_not\n" }'.replaceAll('\n', '\\n')
    const bytes = Buffer.concat([
      text('--MIME_boundaryX\r\n\r\n'),
      wire([{ type: 'text/json', body: inside }]),
    ])
    expect(cut(bytes, 'MIME_boundary')).toEqual([inside])
  })

  test.each<[string, () => Iterable<Uint8Array>]>([
    [
      'another boundary than it told',
      () => Array.from({ length: 90 }, () => wire(parts, { delimiter: '--b' })),
    ],
    ['headers without an end', () => [text('--MIME_boundary\r\nA: '), new Uint8Array(9000).fill(0x41)]],
    [
      'many headers without an end',
      () => [text('--MIME_boundary\r\n'), ...Array.from({ length: 900 }, () => text('Name: value\r\n'))],
    ],
  ])('%s is told, not kept', (_, stream) => {
    const cutter = new MultipartCutter('MIME_boundary')
    expect(() => {
      for (const chunk of stream()) cutter.push(chunk)
    }).toThrow(MultipartError)
  })

  test('an event that never ends is dropped, and the next one comes', () => {
    const endless = { type: 'application/json', body: `{${' '.repeat(200_000)}` }
    for (const length of [told, untold])
      expect(cut(wire([endless, ...parts], { length }), 'MIME_boundary')).toEqual(bodies)
  })
})
