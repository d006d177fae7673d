/** `; did you mean "x"?` for the known name nearest to a misspelt one, or an empty text when none is near. */
export function closest(wrong: string, known: Iterable<string>): string {
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase())
    if (best === undefined || distance < best.distance) best = { name, distance }
  }
  const near = best !== undefined && best.distance <= Math.max(1, Math.floor(wrong.length / 3))
  return best !== undefined && near ? `; did you mean "${best.name}"?` : ''
}

/** Levenshtein distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
