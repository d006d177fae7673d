/** The turn of what changes one person's account, whoever changes it: the person or an administrator. */
export const turnOfUser = (id: string): string => `user ${id}`
