/* no_symbol: a shared object that exports something else. */
extern const int sockdrill_stacks;

const int sockdrill_stacks = 1;
