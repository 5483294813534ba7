import type { LinkService } from "./links.service.ts";

const EXAMPLES = [
  { code: "http", url: "https://www.rfc-editor.org/rfc/rfc9110.html" },
  { code: "problems", url: "https://www.rfc-editor.org/rfc/rfc9457.html" },
  { code: "uuid-v7", url: "https://www.rfc-editor.org/rfc/rfc9562.html#name-uuid-version-7" },
];

/** Some links to try; those that exist already stay. */
export async function seedLinks(service: LinkService, ownerId: string): Promise<void> {
  const { links } = await service.list(ownerId, { limit: 100 });
  const present = new Set(links.map((link) => link.code));
  for (const example of EXAMPLES) {
    if (!present.has(example.code)) await service.create(ownerId, example);
  }
}
