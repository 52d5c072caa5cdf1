`define WORDS (`DEPTH * 2)
