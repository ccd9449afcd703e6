import type { Appointment, ClaimOrder } from './hall-store.ts'

/** Checks of what callers hand to a hall store, the same for every adapter. All throw a RangeError and return their input. */
export function expectCount(count: number, what: string, least: number): number {
  if (Number.isSafeInteger(count) && count >= least) return count
  throw new RangeError(`${what}: a whole number from ${least}, not ${count}`)
}

/** Unix milliseconds, whole. */
export function expectTime(at: number): number {
  if (Number.isSafeInteger(at)) return at
  throw new RangeError(`a time is whole Unix milliseconds, not ${at}`)
}

export function expectClaim<Order extends Omit<ClaimOrder, 'appointmentId'>>(order: Order): Order {
  expectCount(order.persons, 'persons', 1)
  expectTime(order.at)
  if (order.nonce === '') throw new RangeError('a nonce is not empty')
  return order
}

export function expectAppointments(appointments: readonly Appointment[]): readonly Appointment[] {
  for (const { id, start, end, partySize } of appointments) {
    expectCount(partySize, `appointment ${id}: partySize`, 1)
    if (expectTime(end) <= expectTime(start)) throw new RangeError(`appointment ${id} ends before it starts`)
  }
  return appointments
}

/** What is not JSON is refused here, not when somebody reads it. */
export function jsonText(body: unknown): string {
  const text: string | undefined = JSON.stringify(body)
  if (text === undefined) throw new RangeError('a document is a JSON value')
  return text
}
