class VisitWorker
  include Sidekiq::Worker

  def perform
    Visit.create!
  end
end
