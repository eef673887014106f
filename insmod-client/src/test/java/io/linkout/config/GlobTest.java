package io.linkout.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns match as fnmatch(3) without flags says. */
class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "abc, abc, true",
    "abc, abd, false",
    "abc, abcd, false",
    "*, a/b, true",
    "a*c, abbc, true",
    "a*c, abb, false",
    "a*b*c, aXbXbXc, true",
    "pci:v*d*sv*, pci:v0001d0002sv0003, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "a[1-3]c, a2c, true",
    "a[1-3]c, a4c, false",
    "a[!1-3]c, a4c, true",
    "a[^1-3]c, a2c, false",
    "a[]x]c, a]c, true",
    "a[-x]c, a-c, true",
    "a[b, a[b, true",
    "a\\*c, a*c, true",
    "a\\*c, abc, false",
    "abc*, abc, true",
    "*abc*, xabcy, true",
  })
  void decides(String pattern, String text, boolean expected) {
    assertThat(Glob.matches(pattern, text)).isEqualTo(expected);
  }
}
