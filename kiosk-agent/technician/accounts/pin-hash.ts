import { createHmac, type KeyObject, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * A PIN as it is kept: "scrypt$15$8$3$SALT$HASH", the parameters beside the hash so that dearer ones can come later. Before
 * scrypt the PIN goes through an HMAC with a key of this data folder: a million PINs are soon tried, and whoever has the
 * hall's file alone cannot even begin.
 */
export interface PinHash {
  make(account: string, pin: string): Promise<string>
  /** Takes as long for an account that does not exist (`kept` undefined) as for a wrong PIN. */
  matches(account: string, pin: string, kept: string | undefined): Promise<boolean>
}

const DEFAULT_COST = 15
const BLOCK_SIZE = 8
const PARALLEL = 3
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Of a kept hash: a damaged file must not ask for all memory there is. */
const MAXIMUM_COST = 20

interface Parameters {
  readonly cost: number
  readonly blockSize: number
  readonly parallel: number
}

/** One hash is made at a time, and in Node's own threads: a visitor at the door never waits for it. */
export function createPinHash({
  key,
  cost = DEFAULT_COST,
}: {
  key: KeyObject
  cost?: number | undefined
}): PinHash {
  const parameters: Parameters = { cost, blockSize: BLOCK_SIZE, parallel: PARALLEL }
  let turn: Promise<unknown> = Promise.resolve()

  function derive(account: string, pin: string, salt: Buffer, chosen: Parameters): Promise<Buffer> {
    const peppered = createHmac('sha256', key).update(`${account}\n${pin}`).digest()
    const made = turn.then(() => scrypted(peppered, salt, chosen))
    turn = made.catch(() => {})
    return made
  }

  return {
    async make(account, pin) {
      const salt = randomBytes(SALT_BYTES)
      const made = await derive(account, pin, salt, parameters)
      const numbers = [parameters.cost, parameters.blockSize, parameters.parallel]
      return ['scrypt', ...numbers, salt.toString('base64url'), made.toString('base64url')].join('$')
    },
    async matches(account, pin, kept) {
      const known = kept === undefined ? undefined : parsed(kept)
      const made = await derive(
        account,
        pin,
        known?.salt ?? randomBytes(SALT_BYTES),
        known?.parameters ?? parameters,
      )
      return known !== undefined && made.length === known.hash.length && timingSafeEqual(made, known.hash)
    },
  }
}

function scrypted(
  peppered: Buffer,
  salt: Buffer,
  { cost, blockSize, parallel }: Parameters,
): Promise<Buffer> {
  const N = 2 ** cost
  const options = { N, r: blockSize, p: parallel, maxmem: 256 * N * blockSize }
  return new Promise((resolve, reject) => {
    scrypt(peppered, salt, HASH_BYTES, options, (error, made) => (error ? reject(error) : resolve(made)))
  })
}

function parsed(kept: string) {
  const [name, cost, blockSize, parallel, salt, hash] = kept.split('$')
  const parameters = { cost: Number(cost), blockSize: Number(blockSize), parallel: Number(parallel) }
  const known = name === 'scrypt' && parameters.cost >= 1 && parameters.cost <= MAXIMUM_COST && salt && hash
  if (!known)
    throw new Error('a kept PIN is of a kind that this build does not know; give the account a new PIN')
  return { parameters, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') }
}
