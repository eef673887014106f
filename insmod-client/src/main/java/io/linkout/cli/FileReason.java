package io.linkout.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, in the words of errno. */
final class FileReason {
  private FileReason() {}

  /** Returns the reason alone, without the file's name. */
  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "No such file or directory";
      case AccessDeniedException denied -> "Permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      case FileNotFoundException other -> parenthesized(String.valueOf(other.getMessage()));
      default -> String.valueOf(e.getMessage());
    };
  }

  /** java.io says "NAME (reason)". */
  private static String parenthesized(String message) {
    int open = message.lastIndexOf('(');
    return open < 0 ? message : message.substring(open + 1, message.length() - 1);
  }
}
