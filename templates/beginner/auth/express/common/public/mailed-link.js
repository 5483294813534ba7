const pages = {
  "/verify-email": ["/api/v1/auth/verify-email", "Your address is confirmed. You can log in."],
  "/reset-password": ["/api/v1/auth/reset-password", "Your new password is set. You can log in."],
  "/confirm-email": ["/api/v1/auth/email/confirm", "Your account has the new address."],
};
const [path, success] = pages[location.pathname];
const form = document.querySelector("form");
const output = document.querySelector("output");
const { newPassword } = form.elements;

if (location.pathname === "/reset-password") {
  newPassword.required = true;
  newPassword.parentElement.hidden = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  const body = newPassword.required ? { token, newPassword: newPassword.value } : { token };
  // Where there are sessions, this sets a cookie whose value must come back in a header.
  await fetch("/api/v1/auth/csrf");
  const csrfToken = /csrf_token=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrfToken };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  form.hidden = response.ok;
  const { errors, detail } = response.ok ? {} : await response.json();
  output.textContent = response.ok ? success : (errors?.[0]?.message ?? detail);
});
