/** The answer to a sign-in or a renewal, with a token that says it is `person`'s. Nothing here checks a signature. */
export function tokensOf(person: string): { access_token: string; token_type: string; expires_in: number } {
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url");
  const access_token = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: person })}.c2ln`;
  return { access_token, token_type: "bearer", expires_in: 1800 };
}
