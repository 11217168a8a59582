# Makes gems of a distribution's packages, and an index of them: what the tests install where no
# registry of gems is reached. Usage: gems.rb FOLDER NAME...
require "fileutils"
require "rubygems/package"

folder, *names = ARGV
folder = File.expand_path(folder)
# Where Debian's Ruby has the files of gems that it does not keep together.
LIBRARIES = %r{\A/usr/lib/(?:[^/]+-linux-gnu/)?ruby/vendor_ruby/(?:\d+\.\d+\.\d+/)?}

found = {}
find = lambda do |name, requirement|
  return if found[name]
  spec = Gem::Specification.find_by_name(name, requirement)
  found[name] = spec
  spec.runtime_dependencies.each { |need| find.call(need.name, need.requirement) }
end
names.each { |name| find.call(name, ">= 0") }

FileUtils.mkdir_p("#{folder}/gems")
found.each_value do |spec|
  stage = "#{folder}/stage/#{spec.full_name}"
  FileUtils.mkdir_p(stage)
  put = lambda do |from, to|
    FileUtils.mkdir_p(File.dirname("#{stage}/#{to}"))
    FileUtils.cp(from, "#{stage}/#{to}")
  end
  roots = [spec.full_gem_path, spec.extension_dir]
  package = IO.popen(["dpkg", "-S", spec.loaded_from], err: File::NULL, &:read)[/\A[^:]+/]
  files = package ? IO.popen(["dpkg", "-L", package], &:readlines).map(&:chomp) : []
  files |= Dir["{#{roots.join(",")}}/**/*"]
  files.select { |path| File.file?(path) }.each do |path|
    if (root = roots.find { |each| path.start_with?("#{each}/") })
      inside = path.delete_prefix("#{root}/")
      put.call(path, root == roots.last ? "lib/#{inside}" : inside)
    elsif path.match?(LIBRARIES)
      put.call(path, "lib/#{path.sub(LIBRARIES, "")}")
    end
  end
  spec.executables.each do |name|
    own = ["#{spec.full_gem_path}/#{spec.bindir}/#{name}", "/usr/bin/#{name}"]
    put.call(own.find { |path| File.file?(path) }, "exe/#{name}")
  end
  made = spec.dup
  made.files = Dir.chdir(stage) { Dir["**/*", "**/.*"].select { |path| File.file?(path) } }
  made.bindir = "exe"
  made.test_files = made.extra_rdoc_files = []
  made.extensions = [] # compiled already
  made.require_paths = spec.raw_require_paths | ["lib"]
  made.instance_variable_set(:@default_executable, nil)
  Dir.chdir(stage) { FileUtils.mv(Gem::Package.build(made, true), "#{folder}/gems") }
end
exec("gem", "generate_index", "-q", "-d", folder)
