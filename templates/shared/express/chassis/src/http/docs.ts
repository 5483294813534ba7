type Json = Record<string, unknown>;

/**
 * The API as one plain page. It has no script and loads nothing from elsewhere, so the Content-Security-Policy stays
 * as tight here as anywhere; paste `/openapi.json` into any OpenAPI tool to try requests.
 */
export function docsPage(document: Json): string {
  const operations = Object.entries(
    document["paths"] as Record<string, Record<string, Json>>,
  ).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== "head")
      .map(([method, operation]) => section(method, path, operation)),
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>API</title><link rel="stylesheet" href="/docs/style.css"></head>
<body>
<h1>API</h1>
<p>The machine-readable form is <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
${operations.join("\n")}
</body>
</html>
`;
}

export const docsStyle = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem; }
code, pre { background: #f4f4f4; border-radius: 4px; padding: 0.1rem 0.3rem; }
pre { overflow-x: auto; padding: 0.8rem; }
details { border-bottom: 1px solid #ddd; padding: 0.5rem 0; }
summary { cursor: pointer; }
b { display: inline-block; min-width: 4.5rem; }
`;

function section(method: string, path: string, operation: Json): string {
  const { summary, ...rest } = operation;
  return `<details><summary><b>${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code> ${escapeHtml(String(summary))}</summary>
<pre>${escapeHtml(JSON.stringify(rest, null, 2))}</pre></details>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
