package com.example.app.web;

import com.example.app.settings.Settings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a body by what its headers say, before a byte of it is read: a client that declares a
 * gigabyte, or waits for {@code 100 Continue}, is answered at once instead of holding the
 * connection.
 */
@Component
class BodyInterceptor implements HandlerInterceptor {

  private final int maxBodyBytes;

  BodyInterceptor(Settings settings) {
    this.maxBodyBytes = settings.maxBodyBytes();
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws HttpMediaTypeNotSupportedException {
    boolean sent =
        request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    if (sent && handler instanceof HandlerMethod method && takesBody(method)) {
      MediaType type = contentType(request);
      boolean isPatch = StrictJsonConverter.MERGE_PATCH.equalsTypeAndSubtype(type);
      if (!StrictJsonConverter.isAccepted(type)
          || (isPatch && !request.getMethod().equals("PATCH"))) {
        throw new HttpMediaTypeNotSupportedException("not JSON");
      }
      if (request.getContentLengthLong() > maxBodyBytes) {
        throw StrictJsonConverter.tooLarge(maxBodyBytes);
      }
    }
    return true;
  }

  private static boolean takesBody(HandlerMethod method) {
    return Arrays.stream(method.getMethodParameters())
        .anyMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class));
  }

  private static @Nullable MediaType contentType(HttpServletRequest request) {
    try {
      String header = request.getContentType();
      return header == null ? null : MediaType.parseMediaType(header);
    } catch (InvalidMediaTypeException e) {
      return null;
    }
  }
}
