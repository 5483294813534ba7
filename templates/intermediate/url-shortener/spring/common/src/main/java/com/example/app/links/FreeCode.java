package com.example.app.links;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A code that someone may choose. */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = FreeCode.Validator.class)
@interface FreeCode {

  String message() default "must be 3 to 32 letters, digits, - or _, and not a reserved word";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** Names of pages that the site has or may get. */
  class Validator implements ConstraintValidator<FreeCode, String> {

    private static final Set<String> RESERVED =
        Set.of(
            "about", "admin", "api", "app", "assets", "docs", "health", "help", "login", "logout",
            "openapi", "ready", "robots", "signup", "static", "www");

    @Override
    public boolean isValid(@Nullable String code, ConstraintValidatorContext context) {
      return code == null
          || (code.matches(Codes.PATTERN) && !RESERVED.contains(code.toLowerCase(Locale.ROOT)));
    }
  }
}
