package Carrierpay::Test::Sources;

# The files of the project, for tests that read them all. Their names are
# those below the root of the checkout.

use strict;
use warnings;

use Carrierpay::Test::Services qw(root);
use Exporter qw(import);
use File::Find qw(find);

our @EXPORT_OK = qw(files slurp);

# Every file but links, what is built, and what these further names match.

sub files {
    my ($further) = @_;
    my $root = root();
    my @files;

    find({
        no_chdir => 1,
        preprocess => sub {
            return sort grep {
                !/^(\.git|build|run|node_modules)$/
                    && !($further && /^$further$/)
            } @_;
        },
        wanted => sub {
            push(@files, substr($_, length("$root/"))) if -f $_ && !-l $_;
        },
    }, $root);

    return @files;
}

# The bytes of a file.

sub slurp {
    my ($file) = @_;

    open(my $in, '<:raw', root() . "/$file") or die "$file: $!";
    local $/;

    return scalar(<$in>) // '';
}

1;
