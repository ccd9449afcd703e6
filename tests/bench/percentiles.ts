/** What a set of measurements comes to, in the unit they were taken in. */
export interface Summary {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** The smallest measurement that `share` (0 to 1) of all of them do not exceed: nearest rank, nothing interpolated. */
export function percentile(measurements: readonly number[], share: number): number {
  if (measurements.length === 0) throw new RangeError('nothing was measured')
  const sorted = [...measurements].sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  return sorted[rank - 1] ?? Number.NaN
}

export const median = (measurements: readonly number[]): number => percentile(measurements, 0.5)

export function mean(measurements: readonly number[]): number {
  if (measurements.length === 0) throw new RangeError('nothing was measured')
  return measurements.reduce((sum, each) => sum + each, 0) / measurements.length
}

export function summary(measurements: readonly number[]): Summary {
  return {
    count: measurements.length,
    p50: median(measurements),
    p99: percentile(measurements, 0.99),
    max: percentile(measurements, 1),
  }
}
