/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPORTER_H
#define EXPORTER_H
/* What the modules of this directory export to each other. */

int exporter_answer(void);
int exporter_answer_gpl(void);
int exporter_answer_ns(void);
int exporter_answer_ns_gpl(void);
extern int exporter_count;

int importer_answer(void);

int crc_answer(void);

#endif
