package io.linkout.link;

/**
 * What becomes of a section that the kernel's own loader would act on.
 *
 * @param section its name
 * @param treatment who acts on it, if anyone
 * @param reason what is done, or why nothing is
 */
public record FixupRow(String section, Treatment treatment, String reason) {
  /** Who acts on a section. */
  public enum Treatment {
    /** The linker, once the image is relocated. */
    APPLIED,
    /** The kernel, which is told where the section is. */
    KERNEL,
    /** No one. */
    LEFT
  }
}
