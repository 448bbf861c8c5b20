const dayMs = 86_400_000;

/** The day of a moment in UTC: 2026-11-26. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The day so many days before that of a moment. */
export const daysBefore = (at: Date, days: number): string => dayOf(new Date(at.getTime() - days * dayMs));
