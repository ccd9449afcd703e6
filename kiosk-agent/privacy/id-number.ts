/** One writing for each number: a check digit "x" and "X" are the same, and so are numbers with spaces around. */
export const normalIdNumber = (idNumber: string): string => idNumber.normalize('NFKC').trim().toUpperCase()
