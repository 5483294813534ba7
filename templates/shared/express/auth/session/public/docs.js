// The token that state-changing requests must carry stands in a cookie, which any script of this origin can read.
await fetch("/api/v1/auth/csrf");
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  requestInterceptor(request) {
    request.headers["X-CSRF-Token"] = /csrf_token=([^;]+)/.exec(document.cookie)?.[1];
    return request;
  },
});
