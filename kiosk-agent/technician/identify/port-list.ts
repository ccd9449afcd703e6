import type { Candidate, FoundPort, Identified, Trouble } from '../../../devices/identify/found.ts'
import type {
  Port,
  Candidate as ShownCandidate,
  Trouble as ShownTrouble,
} from '../../api/technician-contract.ts'

type Finding = Pick<Port, 'state' | 'candidates' | 'heard' | 'withheld'> & { readonly trouble?: ShownTrouble }

const unasked: Finding = { state: 'unasked', candidates: [] }

/** The ports as last listed, and what was found out about each. */
export class PortList {
  #found: readonly FoundPort[] = []
  /** Network addresses that somebody typed: no list of the system has them. */
  readonly #addresses = new Map<string, Pick<Port, 'path' | 'label'>>()
  readonly #findings = new Map<string, Finding>()
  readonly #fresh = new Set<string>()

  get found(): readonly FoundPort[] {
    return this.#found
  }

  /** What is known of a port stays known as long as the plug stays. */
  listed(found: readonly FoundPort[]): void {
    this.#found = found
    const there = new Set(found.map(({ id }) => id))
    for (const id of this.#findings.keys())
      if (!there.has(id) && !this.#addresses.has(id)) this.#findings.delete(id)
  }

  /** Another plug in the same socket is another device. */
  cameAnew(ids: readonly string[]): void {
    for (const id of ids) {
      this.#fresh.add(id)
      this.#findings.delete(id)
    }
  }

  nothingIsFresh(): void {
    this.#fresh.clear()
  }

  address(host: string, port: number): string {
    const id = `tcp:${host}:${port}`
    this.#addresses.set(id, { path: `${host}:${port}`, label: `${host}:${port}` })
    return id
  }

  asking(id: string): void {
    this.#findings.set(id, { state: 'asking', candidates: [] })
  }

  answered(id: string, { candidates, heard, withheld }: Identified): void {
    this.#findings.set(id, {
      state: candidates.length > 0 ? 'known' : 'unknown',
      candidates: candidates.map(shownCandidate),
      heard,
      withheld: [...withheld],
    })
  }

  /** It could not be asked. */
  failed(id: string, trouble: ShownTrouble): void {
    this.#findings.set(id, { state: 'unknown', candidates: [], trouble })
  }

  /** Nobody asks any more. */
  stopped(): void {
    for (const [id, { state }] of this.#findings) if (state === 'asking') this.#findings.delete(id)
  }

  view(userOf: (port: FoundPort) => string | undefined): Port[] {
    const ports = this.#found.map((port) => {
      const { id, transport, path, label, usb, troubles } = port
      const user = userOf(port)
      return this.#shown({
        ...{ id, transport, path, label },
        ...(usb ? { usb: shownUsb(usb) } : {}),
        ...(user === undefined ? {} : { usedBy: user }),
        troubles: troubles.map(shownTrouble),
      })
    })
    const addresses = [...this.#addresses].map(([id, { path, label }]) =>
      this.#shown({ id, transport: 'tcp', path, label, troubles: [] }),
    )
    return [...ports, ...addresses]
  }

  #shown(port: Omit<Port, 'fresh' | 'state' | 'candidates'>): Port {
    const { trouble, ...finding } = this.#findings.get(port.id) ?? unasked
    const troubles = trouble ? [...port.troubles, trouble] : port.troubles
    return { ...port, ...finding, troubles, fresh: this.#fresh.has(port.id) }
  }
}

function shownUsb({ socket: _, ...usb }: NonNullable<FoundPort['usb']>): NonNullable<Port['usb']> {
  return usb
}

function shownCandidate({
  driver,
  kind,
  label,
  options,
  toBeSet,
  certainty,
  evidence,
}: Candidate): ShownCandidate {
  return {
    ...{ driver, kind, label, certainty },
    options: { ...options },
    evidence: evidence.message,
    evidenceCode: evidence.code,
    values: { ...evidence.values },
    toBeSet: [...toBeSet],
  }
}

export function shownTrouble({ code, message, cure, values }: Trouble): ShownTrouble {
  return { code, message, values: { ...values }, ...(cure.length > 0 ? { cure: cure.join('\n') } : {}) }
}
