package com.example.app.links;

import com.example.app.settings.Settings;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A URL that visitors may be sent to. */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = SafeTarget.Validator.class)
@interface SafeTarget {

  String message() default "is not a safe target";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** Asks {@link TargetRules} and passes on its reason. */
  class Validator implements ConstraintValidator<SafeTarget, String> {

    private final TargetRules rules;

    Validator(Settings settings) {
      this.rules = new TargetRules(settings.publicUrl());
    }

    @Override
    public boolean isValid(@Nullable String url, ConstraintValidatorContext context) {
      Optional<String> rejection = url == null ? Optional.empty() : rules.rejection(url);
      rejection.ifPresent(reason -> {
        context.disableDefaultConstraintViolation();
        context.buildConstraintViolationWithTemplate(reason).addConstraintViolation();
      });
      return rejection.isEmpty();
    }
  }
}
